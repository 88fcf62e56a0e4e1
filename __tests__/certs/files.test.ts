import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { regionOf } from '../../certs/certificates';
import { AMAZON_ROOTS, readFolder, readme } from '../../certs/files';

const CERTS = join(__dirname, '..', '..', 'certs');

describe('the certificate authorities in certs/', () => {
  // Reading also checks that each parses, is a CA of Amazon, is self-signed and has not expired.
  const files = readFolder(CERTS, new Date());

  it('are valid today', () => {
    expect(files.size).toBeGreaterThan(AMAZON_ROOTS.length);
  });

  it.each(AMAZON_ROOTS)('contain %s alone in its file', (name) => {
    const [root, ...more] = files.get(`amazon/${name}.pem`) ?? [];
    expect(root?.commonName).toBe(name.replace('AmazonRootCA', 'Amazon Root CA '));
    expect(more).toEqual([]);
  });

  it('contain one of every RDS key type for each region', () => {
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

  it('match the description in the README', () => {
    expect(readFileSync(join(CERTS, 'README.md'), 'utf8')).toBe(readme(files));
  });
});
