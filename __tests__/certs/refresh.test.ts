import fs, { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFolder } from '../../certs/files';
import { refresh, type Sources } from '../../certs/refresh';
import { DAY_MS, selfSigned, type CertificateOptions } from '../support/certificates';

const CERTS = join(__dirname, '..', '..', 'certs');

/** Makes a certificate like those of RDS, and returns it as PEM. */
async function rdsCertificate(options: Partial<CertificateOptions>): Promise<string> {
  const name = 'O=Amazon Web Services, CN=Amazon RDS eu-central-1 Root CA RSA2048 G9';
  return (await selfSigned({ name, ...options })).cert;
}

describe('refresh', () => {
  let folder: string;
  let server: Server;
  let sources: Sources;
  // What the server answers.
  let bundle: string;
  let status: number;
  /** Answer to each request for a root. @default - the checked-in root */
  let root: string | undefined;

  const checkedIn = [...readFolder(CERTS, new Date())]
    .filter(([path]) => path.startsWith('rds/'))
    .flatMap(([, authorities]) => authorities.map(({ pem }) => pem));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'certs-'));
    for (const part of ['amazon', 'rds', 'README.md'])
      cpSync(join(CERTS, part), join(folder, part), { recursive: true });
    [bundle, status, root] = [checkedIn.join(''), 200, undefined];
    server = createServer((request, response) => {
      const isRoot = request.url?.startsWith('/roots/') ?? false;
      const file = join(CERTS, 'amazon', (request.url ?? '').replace('/roots/', ''));
      response.statusCode = status;
      response.end(isRoot ? (root ?? readFileSync(file)) : bundle);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    sources = { amazonRoots: `${origin}/roots`, rdsBundle: `${origin}/bundle.pem` };
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
    jest.restoreAllMocks();
  });

  /** Returns all certificates in the folder. With the date 1970 none counts as expired. */
  const contents = (): string =>
    [...readFolder(folder, new Date(0)).values()]
      .flat()
      .map(({ pem }) => pem)
      .join('');

  it('changes nothing if nothing is new', async () => {
    const before = contents();
    expect(await refresh(folder, sources)).toEqual([]);
    expect(contents()).toBe(before);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(readFileSync(join(CERTS, 'README.md'), 'utf8'));
  });

  it('adds an authority and reports it', async () => {
    const added = await rdsCertificate({});
    bundle += added;
    expect(await refresh(folder, sources)).toEqual(['new: Amazon RDS eu-central-1 Root CA RSA2048 G9']);
    expect(contents()).toContain(added);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('Amazon RDS eu-central-1 Root CA RSA2048 G9');
  });

  it('removes an authority that AWS no longer publishes, and reports it', async () => {
    const [removed = '', ...published] = checkedIn;
    bundle = published.join('');
    expect(await refresh(folder, sources)).toEqual(['gone: Amazon RDS af-south-1 Root CA RSA4096 G1']);
    expect(contents()).not.toContain(removed);
  });

  it('omits the authorities for the RDS preview environment', async () => {
    bundle += await rdsCertificate({
      name: 'O=Amazon Web Services, CN=Amazon RDS Preview us-east-2 Root CA RSA2048 G1',
    });
    expect(await refresh(folder, sources)).toEqual([]);
  });

  const badDownloads: [name: string, prepare: () => Promise<void> | void, message: RegExp][] = [
    ['an error of the server', () => void (status = 500), /answered 500/],
    ['a redirect', () => void (status = 302), /cannot be downloaded: unexpected redirect/],
    ['a page instead of certificates', () => void (bundle = '<html>sign in</html>'), /holds no certificate/],
    ['markup after the certificates', () => void (bundle += '<html>'), /holds text outside its certificates/],
    ['half a certificate', () => void (bundle = bundle.slice(0, -500)), /holds text outside its certificates/],
    [
      'an unreadable certificate',
      () => void (bundle += '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      /cannot be read/,
    ],
    [
      'an expired authority',
      async () => void (bundle += await rdsCertificate({ notAfter: new Date(Date.now() - DAY_MS) })),
      /expired on/,
    ],
    [
      'a certificate that is no authority',
      async () => void (bundle += await rdsCertificate({ ca: false })),
      /is no certificate authority/,
    ],
    [
      'an authority that is not Amazon’s',
      async () =>
        void (bundle += await rdsCertificate({ name: 'O=Someone, CN=Amazon RDS eu-west-1 Root CA RSA2048 G1' })),
      /is not Amazon’s/,
    ],
    // The first region has three authorities.
    [
      'a missing region',
      () => void (bundle = checkedIn.slice(3).join('')),
      /The download has no certificate for rds\/af-south-1\.pem\./,
    ],
    [
      'an unknown root',
      async () => void (root = await rdsCertificate({ name: 'O=Amazon, CN=Amazon Root CA 1' })),
      /is not among the roots that Node.js trusts/,
    ],
  ];

  it.each(badDownloads)('rejects %s and changes nothing', async (_name, prepare, message) => {
    const before = contents();
    await prepare();
    const failure = refresh(folder, sources);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(/\. Nothing was changed\.$/);
    expect(contents()).toBe(before);
  });

  it('rejects an unreachable server and changes nothing', async () => {
    const before = contents();
    server.close();
    server.closeAllConnections();
    await expect(refresh(folder, sources)).rejects.toThrow(/cannot be downloaded: connect ECONNREFUSED/);
    expect(contents()).toBe(before);
  });

  it('names the error code if none of a host’s several addresses can be reached', async () => {
    const cause = Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' });
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed', { cause }));
    await expect(refresh(folder, sources)).rejects.toThrow('cannot be downloaded: ETIMEDOUT. Nothing was changed.');
  });

  it('reports a failed write without the sentence "Nothing was changed"', async () => {
    jest.spyOn(fs, 'renameSync').mockImplementationOnce(() => {
      throw new Error('EACCES: permission denied');
    });
    await expect(refresh(folder, sources)).rejects.toThrow(new Error('EACCES: permission denied'));
  });
});
