import { nativeHash } from './scramble';

/** What MariaDB keeps of an account's passwords: hashes of mysql_native_password. */
export interface PasswordHashes {
  /** @default - the account has no password */
  readonly primary?: string | undefined;
  /** @default - the account has one password only */
  readonly secondary?: string | undefined;
}

/** A statement of MySQL about the passwords of one account. */
export interface PasswordStatement {
  readonly user: string;
  readonly host: string;
  /** The statement for MariaDB, told what the account has at present. */
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
 * Reads a statement about MySQL's dual passwords, which MariaDB has in other words: alternative ways to identify.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 *
 * @returns `undefined` where the statement is about something else.
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

/** The hashes in an account's `Priv` in `mysql.global_priv`, JSON. The second way lies beside an empty first. */
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

/** What a string literal of MySQL stands for, as far as names and passwords go. */
const unescape = (literal: string): string => literal.replace(/\\(.)|''/gs, (_all, char?: string) => char ?? "'");
