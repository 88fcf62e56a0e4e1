import { readFileSync } from 'node:fs';
import { environment } from '../env';

/** TLS options for the database. An authority in `ca` must have signed the certificate, which must name the called host. */
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
 * @param purpose what is in the file; part of the error for a missing variable
 * @throws Error if the variable is missing, or the file is unreadable or contains no certificate.
 */
export function verifiedTls(variable: string, purpose: string): TlsOptions {
  const caFile = environment(variable, purpose);
  const fileError = (fault: string, cause?: unknown): Error =>
    new Error(`${variable} names ${caFile}, which ${fault}. Deploy again to restore the variable and the file.`, {
      cause,
    });
  let ca: string;
  try {
    ca = readFileSync(caFile, 'utf8');
  } catch (error) {
    throw fileError('cannot be read', error);
  }
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw fileError('contains no certificate');
  return { ca, verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
}
