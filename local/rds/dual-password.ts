import { nativeHash } from './protocol/scramble';

/** An account's password hashes in MariaDB, of mysql_native_password. */
export interface PasswordHashes {
  /** @default - the account has no password */
  readonly primary?: string | undefined;
  /** @default - the account has only one password */
  readonly secondary?: string | undefined;
}

/** A MySQL statement about the passwords of one account. */
export interface PasswordStatement {
  readonly user: string;
  readonly host: string;
  /** Translates the statement for MariaDB. @param present the account's current hashes */
  translate(present: PasswordHashes): string;
}

const STRING = String.raw`'((?:[^'\\]|\\.|'')*)'`;
const ALTER = new RegExp(String.raw`^\s*ALTER\s+USER\s+${STRING}@${STRING}\s+`, 'is');
const IDENTIFIED = new RegExp(
  String.raw`^IDENTIFIED\s+(?:WITH\s+caching_sha2_password\s+)?BY\s+${STRING}(\s+RETAIN\s+CURRENT\s+PASSWORD)?`,
  'is',
);
const DISCARD = /^DISCARD\s+OLD\s+PASSWORD/is;

/**
 * Reads a statement about MySQL's dual passwords. MariaDB has alternative authentication methods instead.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 *
 * @returns `undefined` if the statement is about something else.
 */
export function passwordStatement(statement: string): PasswordStatement | undefined {
  const [alter = '', user = '', host = ''] = ALTER.exec(statement) ?? [];
  const rest = statement.slice(alter.length);
  const [identified, password = '', retain] = IDENTIFIED.exec(rest) ?? [];
  const [discard] = DISCARD.exec(rest) ?? [];
  const clause = identified ?? discard;
  if (alter === '' || clause === undefined) return undefined;
  const next = identified === undefined ? undefined : nativeHash(unescape(password));
  return {
    user: unescape(user),
    host: unescape(host),
    translate: (present) => {
      const primary = next ?? present.primary;
      const secondary = discard ? undefined : retain ? present.primary : present.secondary;
      return primary === undefined ? statement : alter + identifiedVia(primary, secondary) + rest.slice(clause.length);
    },
  };
}

function identifiedVia(...hashes: readonly (string | undefined)[]): string {
  const ways = hashes.filter((hash) => hash !== undefined).map((hash) => `mysql_native_password USING '${hash}'`);
  return `IDENTIFIED VIA ${ways.join(' OR ')}`;
}

/** Reads the hashes in an account's `Priv` in `mysql.global_priv`, JSON. With two passwords, the list of alternatives also holds an empty one. */
export function hashesOf(priv: string): PasswordHashes {
  const account = JSON.parse(priv) as {
    authentication_string?: string;
    auth_or?: { authentication_string?: string }[];
  };
  return {
    primary: account.authentication_string,
    secondary: account.auth_or?.find(({ authentication_string }) => authentication_string)?.authentication_string,
  };
}

/** Unescapes a MySQL string literal, as far as names and passwords need it. */
const unescape = (literal: string): string => literal.replace(/\\(.)|''/gs, (_all, char?: string) => char ?? "'");
