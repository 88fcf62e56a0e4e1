import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
it.each(['--import tsx main.ts', 'scripts/packages.mjs', 'scripts/test.mjs'])(
  'node %s rejects an old Node.js and prints nothing else',
  (command) => {
    const folder = mkdtempSync(join(tmpdir(), 'node-version-'));
    const preload = join(folder, 'preload.cjs');
    writeFileSync(preload, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, ...command.split(' ')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('Node.js >=20.19 is needed, this is 18.20.4. Install it from https://nodejs.org.\n');
    expect(stdout).toBe('');
    expect(status).toBe(1);
  },
  60_000,
);
