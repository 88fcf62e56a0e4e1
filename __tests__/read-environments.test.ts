import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readEnvironments, refuseUnknownNames } from '../read-environments';
import { requiredSettings } from './support/settings';
import { folderForEachTest } from './support/temporary-folder';

const ROOT = join(__dirname, '..');

describe('the environments', () => {
  const folder = folderForEachTest('environments-');

  const write = (file: string, source: string): void => writeFileSync(join(folder(), file), source);

  const readDev = (source: string): unknown => {
    write('dev.ts', source);
    return readEnvironments(folder());
  };

  it('are the default exports of the visible files directly in the folder, ordered by name', () => {
    write('stage.ts', "exports.default = { name: 'stage' };");
    write('dev.ts', "exports.default = { name: 'dev' };");
    mkdirSync(join(folder(), 'shared'));
    write('shared/offices.ts', 'exports.offices = [];');
    // Emacs creates such a link while it edits a file.
    symlinkSync('user@host.1', join(folder(), '.#dev.ts'));
    expect(readEnvironments(folder())).toEqual([{ name: 'dev' }, { name: 'stage' }]);
  });

  it('are rejected with the place of the mistake, also if the path of the folder contains a space', () => {
    const spaced = join(folder(), 'my project');
    mkdirSync(spaced);
    writeFileSync(join(spaced, 'dev.ts'), 'exports.default = undeclared;');
    const place = `${relative(ROOT, join(spaced, 'dev.ts'))}:1:19`;
    expect(() => readEnvironments(spaced)).toThrow(`${place} fails: undeclared is not defined. Correct it there.`);
  });

  it('are rejected if a file imports a missing module', () => {
    expect(() => readDev("require('./nowhere');")).toThrow(
      /imports a missing module: Cannot find module '\.\/nowhere'/,
    );
  });

  it('are rejected with the place and the message of esbuild if a file has a syntax error', () => {
    write('dev.ts', 'export default [;');
    // A separate process reads the file with tsx, which uses esbuild. Jest does not use tsx.
    const read = `require('./read-environments').readEnvironments(${JSON.stringify(folder())})`;
    const print = `try { ${read} } catch ({ message }) { process.stdout.write(message) }`;
    const printed = execFileSync(process.execPath, ['--import', 'tsx', '-e', print], { cwd: ROOT, encoding: 'utf8' });
    expect(printed).toMatch(/dev\.ts:1:16 cannot be read: Unexpected ";"\. Correct it there\.$/);
  });

  it('are rejected if a file has no default export', () => {
    expect(() => readDev("exports.dev = { name: 'dev' };")).toThrow(
      /dev\.ts must export one environment as its default: export default \{ name: 'dev', … \} satisfies Environment\. Put shared code into a folder below environments\/\.$/,
    );
  });

  it('are rejected if the name of an environment differs from the name of its file', () => {
    expect(() => readDev("exports.default = { name: 'prod' };")).toThrow(
      /^name must be 'dev' in \S+dev\.ts, got "prod": an environment must have the name of its file\. Change the name or rename the file\.$/,
    );
  });

  it('are rejected if an environment has no name', () => {
    expect(() => readDev('exports.default = {};')).toThrow(
      /^name must be 'dev' in \S+dev\.ts, got nothing: .* Add the name\.$/,
    );
  });

  it('must exist: a folder without files is rejected', () => {
    expect(() => readEnvironments(folder())).toThrow(
      /\/ contains no environment\. Add a file such as dev\.ts to it\.$/,
    );
  });
});

describe('the check of the names on the command line', () => {
  const environments = ['dev', 'prod'].map((name) => ({ ...requiredSettings, name }));

  it('rejects only unknown names, lists the known ones and suggests a similar one', () => {
    expect(() => refuseUnknownNames(['nope'], environments)).toThrow(
      new Error('Unknown environment nope. The files in environments/ are dev, prod.'),
    );
    expect(() => refuseUnknownNames(['dev', 'prd'], environments)).toThrow(
      new Error('Unknown environment prd. The files in environments/ are dev, prod. Did you mean prod?'),
    );
    expect(() => refuseUnknownNames(['dev', 'prod'], environments)).not.toThrow();
  });
});
