import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stacksIn } from '../modules/stacks-asked-for';
import { readEnvironments, refuseUnknown } from '../read-environments';
import { smallest } from './support/settings';

const ROOT = join(__dirname, '..');

describe('a file in environments/ gets a sentence for', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'environments-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const message = (source: string): string => {
    writeFileSync(join(folder, 'index.ts'), source);
    try {
      readEnvironments(folder);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('a name that it does not know', () => {
    expect(message('exports.environments = [nobody];')).toMatch(
      /index\.ts:1:25 fails: nobody is not defined\. Correct it there\.$/,
    );
  });

  it('an import of a file that is not there', () => {
    expect(message("require('./nowhere');")).toMatch(/imports what is not there: Cannot find module '\.\/nowhere'/);
  });

  it('a mistake of syntax, as tsx reads it', () => {
    writeFileSync(join(folder, 'index.ts'), 'export const environments = [;');
    const read = `require('./read-environments').readEnvironments(${JSON.stringify(folder)})`;
    const tell = `try { ${read} } catch ({ message }) { process.stdout.write(message) }`;
    const said = execFileSync(process.execPath, ['--import', 'tsx', '-e', tell], { cwd: ROOT, encoding: 'utf8' });
    expect(said).toMatch(/index\.ts:1:29 cannot be read: Unexpected ";"\. Correct it there\.$/);
  });

  it('an empty list, with the files that could be listed', () => {
    writeFileSync(join(folder, 'dev.ts'), '');
    expect(message('exports.environments = [];')).toMatch(
      /^There is no environment to deploy: the list of \S+index\.ts is empty\. The folder has dev\.ts\.$/,
    );
  });

  it('no list', () => {
    expect(message('')).toMatch(
      /index\.ts must export the list of environments: export const environments = \[dev, prod\]\.$/,
    );
  });
});

describe('the name of an environment that there is not', () => {
  const environments = ['dev', 'prod'].map((name) => ({ ...smallest, name }));

  it('gets a sentence with those that there are', () => {
    expect(() => refuseUnknown(['nope'], environments)).toThrow(
      new Error('There is no environment nope: environments/index.ts lists dev, prod.'),
    );
    expect(() => refuseUnknown(['dev', 'prd'], environments)).toThrow(
      new Error('There is no environment prd: environments/index.ts lists dev, prod. Did you mean prod?'),
    );
    expect(() => refuseUnknown(['dev', 'prod'], environments)).not.toThrow();
  });

  it.each([
    ['node /app/node_modules/.bin/cdktf deploy nope --auto-approve', ['nope']],
    ['node /app/node_modules/.bin/cdktf deploy dev prod', ['dev', 'prod']],
    ['node /app/node_modules/.bin/cdktf synth nope', ['nope']],
    ['npm exec cdktf destroy nope', ['nope']],
    // Patterns are the CLI's own affair, and a word behind an option may be its value.
    ['node /app/node_modules/.bin/cdktf deploy d* --auto-approve', []],
    ['node /app/node_modules/.bin/cdktf deploy --parallelism 1 dev', []],
    ['node /app/node_modules/.bin/cdktf deploy', []],
    ['node /app/node_modules/.bin/cdktf list', []],
    ['sh -c node --import tsx main.ts', []],
  ])('is read from %s', (commandLine, names) => {
    expect(stacksIn(commandLine)).toEqual(names);
  });
});
