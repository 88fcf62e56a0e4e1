import { environment } from '../env';
import { verifiedTls, type TlsOptions } from './tls';

/** The instance or proxy that a function connects to. */
export interface Target {
  /** A name, never an address: certificate and token are valid for the name only. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions;
}

/** Reads this function's target from its environment. */
export function target(): Target {
  return {
    host: environment('DB_HOST', 'the endpoint to connect to'),
    port: Number(environment('DB_PORT', 'the port to connect to')),
    tls: verifiedTls('DB_CA_FILE', 'the certificate authorities that sign the certificate of DB_HOST'),
  };
}

/** Reads the name of the function's database from its environment. */
export function databaseName(): string {
  return environment('DB_NAME', 'the database to use');
}
