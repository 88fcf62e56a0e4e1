import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText } from '../../modules/text-file';

it('readText returns LF line endings, also if the checkout has CRLF', () => {
  const folder = mkdtempSync(join(tmpdir(), 'text-'));
  writeFileSync(join(folder, 'script.sh'), 'one\r\ntwo\nthree\r\n');
  expect(readText(join(folder, 'script.sh'))).toBe('one\ntwo\nthree\n');
  rmSync(folder, { recursive: true });
});
