/**
 * Refreshes the certificate authorities from AWS: `npm run certs:refresh`. SECURITY: it fails closed and writes nothing unless
 * every download is complete and every certificate passes every check.
 */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { parseAuthorities, regionOf, type Authority } from './certificates';
import { AMAZON_ROOTS, filesByRegion, readFolder, writeFolder, type CertificateFiles } from './files';

/** URLs of the published authorities. */
export interface Sources {
  readonly amazonRoots: string;
  readonly rdsBundle: string;
}

const AWS: Sources = {
  amazonRoots: 'https://www.amazontrust.com/repository',
  rdsBundle: 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem',
};

const TIMEOUT_MS = 20_000;

/**
 * Downloads the authorities, checks them and replaces the files.
 *
 * @returns a line for each authority that is new or removed.
 * @throws Error that names the fault. If a download or a check failed, it also says that nothing was changed.
 */
export async function refresh(folder: string, sources: Sources = AWS, now = new Date()): Promise<string[]> {
  // With the date 1970, no certificate counts as expired. A refresh must also read and replace expired files.
  const before = readFolder(folder, new Date(0));
  const after = await downloadAll(before, sources, now).catch((cause: unknown) => {
    throw new Error(`${(cause as Error).message}. Nothing was changed.`, { cause });
  });
  writeFolder(folder, after);
  return describeChanges(before, after);
}

/** Downloads and checks all authorities. @throws Error if that fails, or if the download has no certificate for a current file */
async function downloadAll(before: CertificateFiles, sources: Sources, now: Date): Promise<CertificateFiles> {
  const roots = new Map<string, readonly Authority[]>();
  for (const name of AMAZON_ROOTS) roots.set(`amazon/${name}.pem`, [await amazonRoot(name, sources, now)]);
  // The bundle also contains authorities that the project does not use, such as those for the RDS preview environment. `regionOf` rejects
  // their names.
  const isRegional = (commonName: string): boolean => regionOf(commonName) !== undefined;
  const bundle = parseAuthorities(sources.rdsBundle, await download(sources.rdsBundle), now, isRegional);
  const after = new Map([...roots, ...filesByRegion(bundle)]);

  const missing = [...before.keys()].filter((path) => !after.has(path));
  if (missing.length > 0)
    throw new Error(
      `The download has no certificate for ${missing.join(', ')}. If RDS has left a region, delete the region's file and refresh again`,
    );
  return after;
}

async function amazonRoot(name: string, { amazonRoots }: Sources, now: Date): Promise<Authority> {
  const url = `${amazonRoots}/${name}.pem`;
  const [root, ...more] = parseAuthorities(url, await download(url), now);
  if (root === undefined || more.length > 0) throw new Error(`${url} must hold one certificate`);
  const isTrusted = rootCertificates.some((pem) => new X509Certificate(pem).fingerprint256 === root.fingerprint);
  if (!isTrusted) throw new Error(`${url} is not among the roots that Node.js trusts`);
  return root;
}

async function download(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' }).catch(
    (cause: unknown) => {
      // The error of `fetch` only says "fetch failed"; its cause says why. After failures at several addresses, the cause has only a code.
      const { message, code } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException;
      throw new Error(`${url} cannot be downloaded: ${message === '' ? code : message}`, { cause });
    },
  );
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

/** Returns a line for each authority that is new or removed. */
function describeChanges(before: CertificateFiles, after: CertificateFiles): string[] {
  const namesByFingerprint = (files: CertificateFiles): Map<string, string> =>
    new Map([...files.values()].flat().map(({ fingerprint, commonName }) => [fingerprint, commonName]));
  const [oldNames, newNames] = [namesByFingerprint(before), namesByFingerprint(after)];
  return [
    ...[...newNames].filter(([fingerprint]) => !oldNames.has(fingerprint)).map(([, name]) => `new: ${name}`),
    ...[...oldNames].filter(([fingerprint]) => !newNames.has(fingerprint)).map(([, name]) => `gone: ${name}`),
  ];
}

if (require.main === module) {
  refresh(__dirname).then(
    (lines) => console.log(lines.length > 0 ? lines.join('\n') : 'Nothing has changed.'),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
