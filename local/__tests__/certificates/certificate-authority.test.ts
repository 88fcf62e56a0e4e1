import { createPrivateKey, X509Certificate } from 'node:crypto';
import { CertificateAuthority } from '../../certificates/certificate-authority';

const HOST = 'matrix.c0ffee.eu-central-1.rds.amazonaws.com';
const DAY_MS = 86_400_000;

const read = ({ pem }: CertificateAuthority): X509Certificate => new X509Certificate(pem);

describe('a certificate authority', () => {
  it('signs its own certificate, and may sign others', async () => {
    const certificate = read(await CertificateAuthority.create());
    expect(certificate.subject).toBe('O=Amazon Web Services\nCN=Local RDS Root CA');
    expect([certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([true, true]);
  });

  it('may have another name', async () => {
    expect(read(await CertificateAuthority.create('CN=Another')).subject).toBe('CN=Another');
  });

  it('has a key of its own', async () => {
    const [one, other] = await Promise.all([CertificateAuthority.create(), CertificateAuthority.create()]);
    const certificate = new X509Certificate((await one.issue(HOST)).cert);
    expect(certificate.verify(read(one).publicKey)).toBe(true);
    expect(certificate.verify(read(other).publicKey)).toBe(false);
  });
});

describe('an issued certificate', () => {
  let authority: CertificateAuthority;

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
  });

  const issue = async (host: string, ...more: string[]): Promise<X509Certificate> =>
    new X509Certificate((await authority.issue(host, ...more)).cert);

  it('names its authority and belongs to its key', async () => {
    const { cert, key } = await authority.issue(HOST);
    const certificate = new X509Certificate(cert);
    expect(certificate.checkIssued(read(authority))).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('is valid now, and for longer than a deployment runs, as its authority is', async () => {
    for (const { validFrom, validTo } of [await issue(HOST), read(authority)]) {
      expect(Date.parse(validFrom)).toBeLessThan(Date.now());
      expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 90 * DAY_MS);
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

  it('is for a name that is longer than the 64 characters of a common name', async () => {
    const long = `${'a'.repeat(60)}.${HOST}`;
    const certificate = await issue(long);
    expect(certificate.subject).toBe(`CN=${long.slice(0, 64)}`);
    expect(certificate.checkHost(long)).toBe(long);
  });

  it('has a serial number of its own', async () => {
    const serials = [await issue(HOST), await issue(HOST), read(authority)].map(({ serialNumber }) => serialNumber);
    expect(new Set(serials).size).toBe(3);
  });
});
