import { nativeHash } from '../protocol/scramble';

/** The mysql_native_password hashes of a MariaDB account: one for each password that the account has. */
export interface PasswordHashes {
  readonly primary?: string | undefined;
  readonly secondary?: string | undefined;
}

/** A MySQL statement about the passwords of one account. */
export interface PasswordStatement {
  readonly user: string;
  readonly host: string;
  /** Translates the statement for MariaDB. @param current hashes of the account */
  translate(current: PasswordHashes): string;
}

const STRING = String.raw`'((?:[^'\\]|\\.|'')*)'`;
const ALTER = new RegExp(String.raw`^\s*ALTER\s+USER\s+${STRING}@${STRING}\s+`, 'is');
const IDENTIFIED = new RegExp(
  String.raw`^IDENTIFIED\s+(?:WITH\s+caching_sha2_password\s+)?BY\s+${STRING}(\s+RETAIN\s+CURRENT\s+PASSWORD)?`,
  'is',
);
const DISCARD = /^DISCARD\s+OLD\s+PASSWORD/is;

/**
 * Recognizes ALTER USER statements that set a password or discard MySQL's second password. In MariaDB, the second password
 * becomes an alternative authentication method: `IDENTIFIED VIA … OR …`.
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
  const newHash = identified === undefined ? undefined : nativeHash(unescaped(password));
  return {
    user: unescaped(user),
    host: unescaped(host),
    translate: (current) => {
      const primary = newHash ?? current.primary;
      // RETAIN makes the old password the second one. DISCARD drops the second password. Otherwise the second password stays.
      const kept = retain ? current.primary : current.secondary;
      const secondary = discard ? undefined : kept;
      // DISCARD for an account without a password has no translation.
      return primary === undefined ? statement : alter + identifiedVia(primary, secondary) + rest.slice(clause.length);
    },
  };
}

function identifiedVia(...hashes: readonly (string | undefined)[]): string {
  const methods = hashes.filter((hash) => hash !== undefined).map((hash) => `mysql_native_password USING '${hash}'`);
  return `IDENTIFIED VIA ${methods.join(' OR ')}`;
}

/**
 * Reads an account's hashes from the JSON in the column `Priv` of `mysql.global_priv`. With two passwords, `auth_or` has an entry for
 * each. The entry of the primary password is empty, because its hash is outside `auth_or`.
 */
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
const unescaped = (literal: string): string => literal.replace(/\\(.)|''/gs, (_all, char?: string) => char ?? "'");
