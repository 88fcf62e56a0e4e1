import { createPrivateKey, X509Certificate } from 'node:crypto';
import { CertificateAuthority } from '../../certificates/certificate-authority';

const HOST = 'matrix.c0ffee.eu-central-1.rds.amazonaws.com';
/** 90 days: no deployment is expected to run longer, and each start makes new certificates. */
const MIN_VALIDITY_MS = 90 * 86_400_000;

const certificateOf = ({ pem }: CertificateAuthority): X509Certificate => new X509Certificate(pem);

describe('a certificate authority', () => {
  it('signs its own certificate, and may sign others', async () => {
    const certificate = certificateOf(await CertificateAuthority.create());
    expect(certificate.subject).toBe('O=Amazon Web Services\nCN=Local RDS Root CA');
    expect([certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([true, true]);
  });

  it('has a key of its own', async () => {
    const [authority, otherAuthority] = await Promise.all([
      CertificateAuthority.create(),
      CertificateAuthority.create(),
    ]);
    const certificate = new X509Certificate((await authority.issue(HOST)).cert);
    expect(certificate.verify(certificateOf(authority).publicKey)).toBe(true);
    expect(certificate.verify(certificateOf(otherAuthority).publicKey)).toBe(false);
  });
});

describe('an issued certificate', () => {
  let authority: CertificateAuthority;

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
  });

  const issue = async (host: string, ...otherNames: string[]): Promise<X509Certificate> =>
    new X509Certificate((await authority.issue(host, ...otherNames)).cert);

  it('names its authority, belongs to its key, and may not sign others', async () => {
    const { cert, key } = await authority.issue(HOST);
    const certificate = new X509Certificate(cert);
    expect(certificate.checkIssued(certificateOf(authority))).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('is valid now and for more than 90 days, like its authority’s certificate', async () => {
    for (const { validFrom, validTo } of [await issue(HOST), certificateOf(authority)]) {
      expect(Date.parse(validFrom)).toBeLessThan(Date.now());
      expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + MIN_VALIDITY_MS);
    }
  });

  it('is for the given names and addresses, and for no other', async () => {
    const certificate = await issue(HOST, 'localhost', '127.0.0.1', '::1');
    expect([HOST, 'localhost', 'example.com'].map((name) => certificate.checkHost(name))).toEqual([
      HOST,
      'localhost',
      undefined,
    ]);
    expect(['127.0.0.1', '::1', '127.0.0.2'].map((address) => certificate.checkIP(address))).toEqual([
      '127.0.0.1',
      '::1',
      undefined,
    ]);
  });

  // X.509 limits a common name to 64 characters.
  it('has the first 64 characters of a longer host name as its common name, and is for the whole name', async () => {
    const longName = `${'a'.repeat(60)}.${HOST}`;
    const certificate = await issue(longName);
    expect(certificate.subject).toBe(`CN=${longName.slice(0, 64)}`);
    expect(certificate.checkHost(longName)).toBe(longName);
  });

  it('has a serial number of its own', async () => {
    const serials = [await issue(HOST), await issue(HOST), certificateOf(authority)].map(
      ({ serialNumber }) => serialNumber,
    );
    expect(new Set(serials).size).toBe(3);
  });
});
