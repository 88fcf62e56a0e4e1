import { readFileSync } from 'node:fs';

/** TLS towards the database: the certificate must be signed by these authorities, for the very host. */
export interface TlsOptions {
  readonly ca: string;
  /** mysql2 checks the host name only when asked to. */
  readonly verifyIdentity: true;
  readonly rejectUnauthorized: true;
  readonly minVersion: 'TLSv1.2';
}

/**
 * TLS that trusts the authorities of one PEM file, and no others.
 *
 * @throws Error where the file cannot be read or holds no certificate.
 */
export function verifiedTls(caFile: string): TlsOptions {
  const ca = readCa(caFile);
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Error(`DB_CA_FILE names ${caFile}, which holds no certificate. The layer of the deployment carries it.`);
  }
  return { ca, verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
}

function readCa(caFile: string): string {
  try {
    return readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new Error(`DB_CA_FILE names ${caFile}, which cannot be read. The layer of the deployment carries it.`, {
      cause,
    });
  }
}
