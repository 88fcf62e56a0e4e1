import { environment } from '../env';
import { verifiedTls, type TlsOptions } from './tls';

/** The instance or proxy that a function connects to. */
export interface Target {
  /** A name, never an address: certificate and token are valid for the name only. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions;
}

/**
 * Reads a target from this function's environment. `caVariable` is the variable that names the file of certificate authorities.
 * Instance and proxies have different authorities, so a function that connects to both has two such variables.
 */
export function readTarget(prefix = 'DB', caVariable = 'DB_CA_FILE'): Target {
  return {
    host: environment(`${prefix}_HOST`, 'the endpoint to connect to'),
    port: Number(environment(`${prefix}_PORT`, 'the port to connect to')),
    tls: verifiedTls(caVariable, `the certificate authorities that sign the certificate of ${prefix}_HOST`),
  };
}

/** Reads the name of the database from this function's environment. */
export function readDatabaseName(): string {
  return environment('DB_NAME', 'the database to use');
}
