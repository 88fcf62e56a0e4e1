import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uploads } from '../../aws-api/uploads';

const ZIP = Buffer.from('the bytes of a zip');
const HASH = createHash('sha256').update(ZIP).digest('base64');
const ZipFile = ZIP.toString('base64');

let folder: string;
let uploads: Uploads;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'uploads-')), 'zips');
  uploads = new Uploads(folder);
});

afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const keep = (method: string, path: string, body: object): void =>
  uploads.keep({ method, path, headers: {}, body: Buffer.from(JSON.stringify(body)) });

describe('the zip of a function or a layer', () => {
  it.each<[call: string, method: string, path: string, body: object]>([
    ['CreateFunction', 'POST', '/2015-03-31/functions', { Code: { ZipFile } }],
    ['UpdateFunctionCode', 'PUT', '/2015-03-31/functions/items/code', { ZipFile }],
    ['PublishLayerVersion', 'POST', '/2018-10-31/layers/shared/versions', { Content: { ZipFile } }],
    [
      'CreateFunction with a slash and a query after the path',
      'POST',
      '/2015-03-31/functions/?a=1',
      { Code: { ZipFile } },
    ],
  ])('in a request of %s is kept under its hash', (_call, method, path, body) => {
    keep(method, path, body);
    expect(readFileSync(uploads.zipPath(HASH))).toEqual(ZIP);
  });

  it.each<[what: string, method: string, path: string, body: object]>([
    ['an invocation', 'POST', '/2015-03-31/functions/items/invocations', { ZipFile }],
    ['a read', 'GET', '/2015-03-31/functions/items/code', { ZipFile }],
    ['CreateFunction with a zip in S3', 'POST', '/2015-03-31/functions', { Code: { S3Bucket: 'zips' } }],
  ])('is not taken from %s', (_what, method, path, body) => {
    keep(method, path, body);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cannot be read if it was not uploaded, and the error names the remedy', () => {
    expect(() => uploads.zipPath(HASH)).toThrow(
      `No zip with CodeSha256 ${HASH} was uploaded to the local AWS. Set filename instead of s3_bucket, and apply through the local AWS.`,
    );
  });
});
