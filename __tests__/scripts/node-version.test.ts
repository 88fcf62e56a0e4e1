import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const ENTRY_POINTS = [['--import', 'tsx', 'main.ts'], ['scripts/packages.mjs'], ['scripts/test.mjs']];

it.each(ENTRY_POINTS)(
  'node %s %s %s rejects an old Node.js before it does anything',
  (...words) => {
    const folder = mkdtempSync(join(tmpdir(), 'node-version-'));
    const pretend = join(folder, 'pretend.cjs');
    writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', pretend, ...words], {
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
