import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { regionOf, type Authority } from '../../certs/certificates';
import { AMAZON_ROOTS, filesByRegion, readFolder, readme } from '../../certs/files';

const CERTS = join(__dirname, '..', '..', 'certs');

describe('the certificate authorities in certs/', () => {
  // In 1970 no authority had expired. Only the first test checks the expiry.
  const files = readFolder(CERTS, new Date(0));

  it('are valid today', () => {
    // readFolder throws unless every authority parses, is a CA of Amazon, is self-signed and has not expired.
    const validFiles = readFolder(CERTS, new Date());
    // Each root has one file. Every other file belongs to a region.
    expect(validFiles.size).toBeGreaterThan(AMAZON_ROOTS.length);
  });

  it.each(AMAZON_ROOTS)('include %s, which is alone in its file', (name) => {
    const [root, ...more] = files.get(`amazon/${name}.pem`) ?? [];
    expect(root?.commonName).toBe(name.replace('AmazonRootCA', 'Amazon Root CA '));
    expect(more).toEqual([]);
  });

  it('of a region share one file, with one authority for each key type of RDS', () => {
    for (const [path, authorities] of files) {
      if (!path.startsWith('rds/')) continue;
      expect(new Set(authorities.map(({ commonName }) => `rds/${regionOf(commonName) ?? ''}.pem`))).toEqual(
        new Set([path]),
      );
      expect(authorities.map(({ commonName }) => commonName.split(' ').at(-2)).sort()).toEqual([
        'ECC384',
        'RSA2048',
        'RSA4096',
      ]);
    }
  });

  it('are listed in the README', () => {
    expect(readFileSync(join(CERTS, 'README.md'), 'utf8')).toBe(readme(files));
  });
});

describe('the authorities of RDS', () => {
  const authority = (commonName: string): Authority => ({
    pem: `PEM of ${commonName}`,
    commonName,
    fingerprint: '',
    expires: new Date(),
  });
  const ireland = ['RSA2048', 'ECC384'].map((key) => authority(`Amazon RDS eu-west-1 Root CA ${key} G1`));
  const oregon = authority('Amazon RDS us-west-2 Root CA RSA2048 G1');

  it('are sorted into a file for each region', () => {
    const files = filesByRegion([...ireland.slice(0, 1), oregon, ...ireland.slice(1)]);
    expect([...files]).toEqual([
      ['rds/eu-west-1.pem', ireland],
      ['rds/us-west-2.pem', [oregon]],
    ]);
  });

  it('are rejected if one names no region', () => {
    expect(() => filesByRegion([oregon, authority('Amazon Root CA 1')])).toThrow(
      'The RDS authority "Amazon Root CA 1" has no region in its name',
    );
  });
});
