import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEachTest } from '../support/temporary-folder';

const ROOT = join(__dirname, '..', '..');
const folder = folderForEachTest('node-version-');

it.each(['--import tsx main.ts', 'scripts/packages.mjs', 'scripts/test.mjs'])(
  'with Node.js 18, node %s prints only that Node.js is too old, and fails',
  (command) => {
    const preload = join(folder(), 'preload.cjs');
    writeFileSync(preload, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, ...command.split(' ')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toBe(
      'Node.js 18.20.4 is too old, >=20.19 is needed. Install a newer version from https://nodejs.org.\n',
    );
    expect([status, stdout]).toEqual([1, '']);
  },
  60_000,
);
