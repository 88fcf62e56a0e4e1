import { readFileSync } from 'node:fs';
import { environment } from '../env';

/** TLS options for the database: one of these authorities must have signed the certificate, for exactly this host. */
export interface TlsOptions {
  readonly ca: string;
  /** Without this, mysql2 does not check the host name. */
  readonly verifyIdentity: true;
  readonly rejectUnauthorized: true;
  readonly minVersion: 'TLSv1.2';
}

/**
 * Makes TLS options that trust only the authorities in one PEM file.
 *
 * @param variable name of the environment variable with the file's path
 * @param purpose what the authorities are for
 * @throws Error if the file is unreadable or contains no certificate.
 */
export function verifiedTls(variable: string, purpose: string): TlsOptions {
  const caFile = environment(variable, purpose);
  const ca = readCa(variable, caFile);
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Error(
      `${variable} names ${caFile}, which contains no certificate. The deployment's layer contains this file.`,
    );
  }
  return { ca, verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
}

function readCa(variable: string, caFile: string): string {
  try {
    return readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new Error(`${variable} names ${caFile}, which cannot be read. The deployment's layer contains this file.`, {
      cause,
    });
  }
}
