import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

it('npm test prints the numbers of passed and failed tests at the end, also if a test fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'npm-test-'));
  writeFileSync(join(folder, 'one.test.js'), "it('passes', () => {}); it('fails', () => { throw new Error('no'); });");
  const config = `--config=${JSON.stringify({ rootDir: folder, transform: {} })}`;
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', config], { cwd: ROOT, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stdout).toMatch(/\n1 passed, 1 failed\n$/);
  expect(status).toBe(1);
}, 120_000);
