import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEachTest } from '../support/temporary-folder';

const ROOT = join(__dirname, '..', '..');
const folder = folderForEachTest('npm-test-');

it('npm test prints the numbers of passed and failed tests at the end, also if a test fails', () => {
  writeFileSync(
    join(folder(), 'one.test.js'),
    "it('passes', () => {}); it('fails', () => { throw new Error('no'); });",
  );
  const config = `--config=${JSON.stringify({ rootDir: folder(), transform: {} })}`;
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', config], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toMatch(/\n1 passed, 1 failed\n$/);
  expect(status).toBe(1);
}, 120_000);
