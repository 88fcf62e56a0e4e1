import { X509Certificate } from 'node:crypto';
import { parseAuthorities, regionOf } from '../../certs/certificates';
import { DAY_MS, selfSigned } from '../support/certificates';

const NOW = new Date();

describe('the authorities in a file', () => {
  let valid: string;
  let expired: string;

  beforeAll(async () => {
    valid = (await selfSigned({ name: 'O=Amazon, CN=Valid' })).cert;
    expired = (await selfSigned({ name: 'O=Amazon, CN=Expired', notAfter: new Date(NOW.getTime() - DAY_MS) })).cert;
  });

  it('are read with name, fingerprint and expiry date', () => {
    const { fingerprint256, validTo } = new X509Certificate(valid);
    expect(parseAuthorities('one.pem', valid, NOW)).toEqual([
      { pem: valid, commonName: 'Valid', fingerprint: fingerprint256, expires: new Date(validTo) },
    ]);
  });

  // refresh.test.ts has more reasons for a rejection.
  it('are rejected if one has expired, with an error that names the file and the expired authority', () => {
    expect(() => parseAuthorities('one.pem', valid + expired, NOW)).toThrow(
      /^one\.pem: the certificate "Expired" expired on /,
    );
  });

  it('are rejected if one is not self-signed', () => {
    const { raw } = new X509Certificate(valid);
    // The last byte belongs to the signature.
    raw.writeUInt8(255 - raw.readUInt8(raw.length - 1), raw.length - 1);
    const changed = new X509Certificate(raw).toString();
    expect(() => parseAuthorities('one.pem', changed, NOW)).toThrow('the certificate "Valid" is not self-signed');
  });

  it('are accepted if they expire after the given time', () => {
    expect(parseAuthorities('one.pem', expired, new Date(NOW.getTime() - 1.5 * DAY_MS))).toHaveLength(1);
  });

  it('are not checked if they are not selected', () => {
    const authorities = parseAuthorities('one.pem', valid + expired, NOW, (name) => name === 'Valid');
    expect(authorities.map(({ commonName }) => commonName)).toEqual(['Valid']);
  });
});

describe('the region of the authority', () => {
  it.each([
    ['Amazon RDS eu-west-1 Root CA RSA2048 G1', 'eu-west-1'],
    ['Amazon RDS ap-southeast-4 Root CA ECC384 G1', 'ap-southeast-4'],
    ['Amazon RDS us-gov-west-1 Root CA RSA4096 G2', 'us-gov-west-1'],
    ['Amazon RDS Preview us-east-2 Root CA RSA2048 G1', undefined],
    ['Amazon RDS eu-west-1 2019 CA', undefined],
    ['Amazon RDS Root 2019 CA', undefined],
    ['Not Amazon RDS eu-west-1 Root CA RSA2048 G1', undefined],
  ])('%s is %s', (name, region) => {
    expect(regionOf(name)).toBe(region);
  });
});
