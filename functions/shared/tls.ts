import { readFileSync } from 'node:fs';
import { environment } from './env';

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
 * @param variable name of the environment variable with the file's path
 * @param purpose what the authorities are for
 * @throws Error where the file cannot be read or holds no certificate.
 */
export function verifiedTls(variable: string, purpose: string): TlsOptions {
  const caFile = environment(variable, purpose);
  const ca = readCa(variable, caFile);
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Error(`${variable} names ${caFile}, which holds no certificate. The layer of the deployment carries it.`);
  }
  return { ca, verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
}

function readCa(variable: string, caFile: string): string {
  try {
    return readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new Error(`${variable} names ${caFile}, which cannot be read. The layer of the deployment carries it.`, {
      cause,
    });
  }
}
