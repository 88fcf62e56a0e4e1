import { findProgram } from '../processes/find-program';

/** Returns the path of a MariaDB server program. @throws Error that says how to install the server, if the program is missing */
export function findMariaDb(program: 'mariadbd' | 'mariadb-install-db' = 'mariadbd'): string {
  const path = findProgram([program]);
  if (path !== undefined) return path;
  throw new Error(
    `${program} is missing: MariaDB's server is not installed. Run \`npm run tools\`, or install it: apt-get install mariadb-server-core mariadb-client-core, dnf install mariadb-server, or brew install mariadb.`,
  );
}
