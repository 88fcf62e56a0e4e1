import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEachTest } from './support/temporary-folder';

const ROOT = join(__dirname, '..');

jest.setTimeout(120_000);

const folder = folderForEachTest('main-');

// Copies or links the program without its environments, because each test writes its own.
beforeEach(() => {
  mkdirSync(join(folder(), 'environments'));
  for (const file of ['main.ts', 'read-environments.ts', 'package.json', 'tsconfig.json'])
    cpSync(join(ROOT, file), join(folder(), file));
  for (const part of ['modules', 'scripts', 'node_modules']) symlinkSync(join(ROOT, part), join(folder(), part));
});

/** Runs the program with environment files. @param environments sources of the files, by name */
function runMain(environments: Readonly<Record<string, string>>) {
  for (const [name, source] of Object.entries(environments))
    writeFileSync(join(folder(), 'environments', `${name}.ts`), source);
  return spawnSync(process.execPath, ['--import', 'tsx', 'main.ts'], { cwd: folder(), encoding: 'utf8' });
}

const environmentSource = (name: string, region: string): string =>
  `export default { name: '${name}', region: '${region}', network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] }, edge: { allowlist: { ipv4: ['203.0.113.0/24'] } } };`;

describe('main.ts', () => {
  it('rejects the invalid settings of all environments without a stack trace', () => {
    const { status, stdout, stderr } = runMain({
      one: environmentSource('one', 'here'),
      two: environmentSource('two', 'there'),
    });
    expect(stderr).toMatch(/^Environment one: .*\n- region .*\nEnvironment two: .*\n- region .*\n$/);
    expect([status, stdout]).toEqual([1, '']);
  });

  it('rejects a file that exports no environment, and prints no stack trace', () => {
    const { status, stderr } = runMain({ one: 'export const one = {};' });
    expect(stderr).toMatch(/^environments\/one\.ts must export one environment as its default: .*\n$/);
    expect(status).toBe(1);
  });
});
