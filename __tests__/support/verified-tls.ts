import type { TlsOptions } from '../../functions/shared/database/tls';

/** TLS options of a function. The authority is a placeholder, so no TLS handshake with these options succeeds. */
export const VERIFIED_TLS: TlsOptions = {
  ca: 'PEM',
  verifyIdentity: true,
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2',
};
