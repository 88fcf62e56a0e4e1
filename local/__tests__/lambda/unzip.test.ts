import { zipSync } from 'fflate';
import { unzip } from '../../lambda/unzip';

const repeated = (times: number): Buffer => Buffer.from('abc'.repeat(times));

describe('unzip', () => {
  it.each([
    ['compressed', 6],
    ['stored', 0],
  ] as const)('unpacks a zip with %s files', (_how, level) => {
    const files = { 'index.js': repeated(1e5), 'certs/rds.pem': repeated(10), 'empty.txt': Buffer.alloc(0) };
    const unpacked = unzip(zipSync(files, { level }));
    expect([...unpacked.keys()].sort()).toEqual(Object.keys(files).sort());
    for (const [path, bytes] of Object.entries(files))
      expect(bytes.equals(unpacked.get(path) as Uint8Array)).toBe(true);
  });

  it('omits folders', () => {
    expect([...unzip(zipSync({ 'certs/': Buffer.alloc(0), 'certs/rds.pem': repeated(1) })).keys()]).toEqual([
      'certs/rds.pem',
    ]);
  });

  it('rejects a zip that ends within a file, and bytes that are not a zip', () => {
    const zip = zipSync({ 'index.js': repeated(1e5) });
    expect(() => unzip(Buffer.from('not a zip'))).toThrow('is not a zip');
    expect(() => unzip(zip.subarray(0, zip.length / 2))).toThrow();
  });
});
