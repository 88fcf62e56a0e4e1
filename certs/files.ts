import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAuthorities, regionOf, type Authority } from './certificates';

/** The authorities by the path of their file in this folder, for example `amazon/AmazonRootCA1.pem` or `rds/eu-central-1.pem`. */
export type CertificateFiles = ReadonlyMap<string, readonly Authority[]>;

/** Names of Amazon's roots. The URL of each root ends in its name and `.pem`. */
export const AMAZON_ROOTS = ['AmazonRootCA1', 'AmazonRootCA2', 'AmazonRootCA3', 'AmazonRootCA4'] as const;

/** Reads and checks every certificate file of a folder. */
export function readFolder(folder: string, now: Date): CertificateFiles {
  const paths = ['amazon', 'rds'].flatMap((kind) => readdirSync(join(folder, kind)).map((file) => `${kind}/${file}`));
  return new Map(
    paths.sort().map((path) => [path, parseAuthorities(path, readFileSync(join(folder, path), 'utf8'), now)]),
  );
}

/**
 * Sorts the authorities of RDS into one file for each region.
 *
 * @throws Error if the name of an authority contains no region.
 */
export function filesByRegion(authorities: readonly Authority[]): CertificateFiles {
  const files = new Map<string, Authority[]>();
  for (const authority of authorities) {
    const region = regionOf(authority.commonName);
    if (region === undefined) {
      throw new Error(`The RDS authority ${JSON.stringify(authority.commonName)} has no region in its name`);
    }
    const path = `rds/${region}.pem`;
    files.set(path, [...(files.get(path) ?? []), authority]);
  }
  return files;
}

/**
 * Replaces the current files with a checked set. Writes the set to a temporary folder first, so that a full disk leaves the current
 * files intact.
 */
export function writeFolder(folder: string, files: CertificateFiles): void {
  const staged = join(folder, '.new');
  rmSync(staged, { recursive: true, force: true });
  for (const [path, authorities] of files) {
    mkdirSync(dirname(join(staged, path)), { recursive: true });
    writeFileSync(join(staged, path), authorities.map(({ pem }) => pem).join(''));
  }
  writeFileSync(join(staged, 'README.md'), readme(files));
  for (const entry of ['amazon', 'rds', 'README.md']) {
    rmSync(join(folder, entry), { recursive: true, force: true });
    renameSync(join(staged, entry), join(folder, entry));
  }
  rmSync(staged, { recursive: true });
}

/** Returns the text of this folder's README: files, sources, expiry dates and fingerprints. */
export function readme(files: CertificateFiles): string {
  const rows = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, authorities]) =>
      authorities.map(
        ({ commonName, fingerprint, expires }) =>
          `| \`${path}\` | ${commonName} | ${expires.toISOString().slice(0, 10)} | \`${fingerprint.replaceAll(':', '').toLowerCase()}\` |`,
      ),
    );
  return `# Certificate authorities

On connections to the database the functions trust only these authorities: for RDS Proxy, Amazon's roots; for an instance, the
RDS authorities of its region.
The Lambda layer of a deployment contains Amazon's roots and the RDS authorities of the deployment's region.

| files | source |
|---|---|
| \`amazon/\` | https://www.amazontrust.com/repository/, compared with Node.js's own roots |
| \`rds/\` | https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem, only the authorities whose name contains a region; one file for each region |

\`npm run certs:refresh\` downloads both, checks every certificate that it keeps, and replaces the files and this page. If a download or
a check fails, it changes nothing.
The tests fail when a certificate has expired.

| file | authority | expires | SHA-256 fingerprint |
|---|---|---|---|
${rows.join('\n')}
`;
}
