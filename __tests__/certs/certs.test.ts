import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { regionOf } from '../../certs/certificates';
import { AMAZON_ROOTS, readFolder, readme } from '../../certs/files';

const CERTS = join(__dirname, '..', '..', 'certs');

describe('the certificate authorities in certs/', () => {
  // Reading checks: each parses, is a CA, is Amazon's, signs itself and has not expired.
  const files = readFolder(CERTS, new Date());

  it('are in order and in force today', () => {
    expect(files.size).toBeGreaterThan(AMAZON_ROOTS.length);
  });

  it.each(AMAZON_ROOTS)('hold %s alone in its file', (name) => {
    const [root, ...more] = files.get(`amazon/${name}.pem`) ?? [];
    expect(root?.commonName).toBe(name.replace('AmazonRootCA', 'Amazon Root CA '));
    expect(more).toEqual([]);
  });

  it('hold for each region its own, of every kind of key that RDS offers', () => {
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

  it('are described in the README as they are', () => {
    expect(readFileSync(join(CERTS, 'README.md'), 'utf8')).toBe(readme(files));
  });
});
