import type { TlsOptions } from '../../functions/shared/database/tls';

/** TLS options of a function. No server has a certificate of this authority. */
export const VERIFIED_TLS: TlsOptions = {
  ca: 'PEM',
  verifyIdentity: true,
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2',
};
