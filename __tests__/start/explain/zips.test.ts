import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipsIn } from '../../../start/explain/zips';
import { folderForEachTest } from '../../support/temporary-folder';

const BYTES = Buffer.from('a zip');
const HASH = createHash('sha256').update(BYTES).digest();

const folder = folderForEachTest('zips-');

/** Writes the upload that is named by `HASH`. Its content may have another hash. */
function upload(bytes: Uint8Array): void {
  const uploads = join(folder(), 'lambda', 'uploads');
  mkdirSync(uploads, { recursive: true });
  writeFileSync(join(uploads, `${HASH.toString('hex')}.zip`), bytes);
}

const findZip = (filename: string | null = null) => zipsIn(folder())(HASH.toString('base64'), filename);

describe('a zip, looked up by its hash,', () => {
  it('is found among the uploads', () => {
    upload(BYTES);
    expect(findZip()).toEqual(BYTES);
  });

  it('is missing if the file named after its hash has other content', () => {
    upload(Buffer.from('another zip'));
    expect(findZip()).toBeUndefined();
  });

  it('is missing if neither the uploads nor the last synth contain it', () => {
    expect(findZip('assets/none.zip')).toBeUndefined();
  });
});
