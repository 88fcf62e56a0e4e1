import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipsIn } from '../../../start/explain/zips';

const BYTES = Buffer.from('a zip');
const HASH = createHash('sha256').update(BYTES).digest();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zips-'));
  mkdirSync(join(folder, 'lambda', 'uploads'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Writes an upload under the hash of a zip. */
const upload = (bytes: Uint8Array): void =>
  writeFileSync(join(folder, 'lambda', 'uploads', `${HASH.toString('hex')}.zip`), bytes);

describe('the zip with a hash', () => {
  it('is found among the uploads', () => {
    upload(BYTES);
    expect(zipsIn(folder)(HASH.toString('base64'), '')).toEqual(BYTES);
  });

  it('is missing if the file with its name has other content', () => {
    upload(Buffer.from('another zip'));
    expect(zipsIn(folder)(HASH.toString('base64'), '')).toBeUndefined();
  });

  it('is missing if this machine has neither the upload nor the file', () => {
    expect(zipsIn(folder)(HASH.toString('base64'), 'assets/none.zip')).toBeUndefined();
  });
});
