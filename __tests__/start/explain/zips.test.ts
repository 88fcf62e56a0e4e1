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

/** Writes the upload that is named by `HASH`. Its content may have another hash. */
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

  it('is missing if neither the uploads nor the last synth contain it', () => {
    expect(zipsIn(folder)(HASH.toString('base64'), 'assets/none.zip')).toBeUndefined();
  });
});
