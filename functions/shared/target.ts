import { environment } from './env';
import { verifiedTls, type TlsOptions } from './tls';

/** The instance or the proxy that a function connects to. */
export interface Target {
  /** By name, never by address: certificate and token are made for the name. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions;
}

/** The target that the deployment chose for this function. */
export function target(): Target {
  return {
    host: environment('DB_HOST', 'the endpoint to connect to'),
    port: Number(environment('DB_PORT', 'the port to connect to')),
    tls: verifiedTls('DB_CA_FILE', 'the certificate authorities that sign the certificate of DB_HOST'),
  };
}

/** The database that the function works in. */
export function databaseName(): string {
  return environment('DB_NAME', 'the database to use');
}
