import { z } from 'zod';
import { isReservedUser } from '../../contract/reserved-users';
import { didYouMean } from './closest';
import { hasCertificates, isInOtherPartition, REGIONS } from './regions';

/** Texts about a field's rule. `reportOf` writes them in one line: `<setting> <rule>, got <value>: <remedy>`. */
export interface FieldRule {
  readonly rule: string;
  /** Whole sentences; they may depend on the value. */
  readonly remedy: string | ((value: unknown) => string);
}

/** Adds a rule with its message to a schema. */
export function must<T extends z.ZodType>(
  schema: T,
  holds: (value: z.output<T>) => boolean,
  rule: string,
  remedy: FieldRule['remedy'],
): T {
  const params: FieldRule = { rule, remedy };
  return schema.refine(holds, { params: { ...params } });
}

/** Makes a schema for each of the names. */
export const eachOf = <Name extends string, T extends z.ZodType>(
  names: readonly Name[],
  schemaOf: (name: Name) => T,
): Record<Name, T> => Object.fromEntries(names.map((name) => [name, schemaOf(name)])) as Record<Name, T>;

/** Makes a group of settings. If an environment omits the group, each setting of the group has its default. */
export const group = <T extends z.core.$ZodLooseShape>(settings: T): z.ZodPrefault<z.ZodObject<T, z.core.$strict>> =>
  z.strictObject(settings).prefault({} as z.input<z.ZodObject<T, z.core.$strict>>);

export const flag = (fallback: boolean, description: string): z.ZodDefault<z.ZodBoolean> =>
  z.boolean().default(fallback).describe(description);

/** Accepts whole numbers from `minimum` to `maximum`. The reference, `docs/settings.md`, shows the range. */
export function integer(minimum: number, maximum: number, remedy: string): z.ZodNumber {
  return must(
    z.number(),
    (value) => Number.isInteger(value) && value >= minimum && value <= maximum,
    `must be a whole number from ${minimum} to ${maximum}`,
    remedy,
  ).meta({ range: [minimum, maximum] });
}

/** Accepts one value of a fixed set, such as an instance class. */
export function oneOf(known: ReadonlySet<string>, rule: string, remedy: string): z.ZodString {
  return must(
    z.string(),
    (value) => known.has(value),
    rule,
    (value) => didYouMean(value, known) + remedy,
  );
}

export function matching(pattern: RegExp, rule: string, remedy: string): z.ZodString {
  return must(z.string(), (value) => pattern.test(value), rule, remedy);
}

const OTHER_PARTITION =
  'The region belongs to another partition: China, GovCloud, a sovereign or an isolated cloud. The ARNs, service names and certificate authorities of this deployment belong to the partition aws.';

/** Any region of the `aws` partition. */
export const anyRegion = must(
  z.string(),
  (value) => REGIONS.includes(value),
  'must be an AWS region of the partition aws',
  (value) =>
    isInOtherPartition(String(value))
      ? OTHER_PARTITION
      : `${didYouMean(value, REGIONS)}Write the code of a region, as in eu-central-1.`,
);

/** A region whose RDS certificate authorities are in `certs/`. */
export const region = must(
  anyRegion,
  // A value that is no region breaks the rule of `anyRegion`, whose message is enough.
  (value) => !REGIONS.includes(value) || hasCertificates(value),
  'must be a region whose RDS certificate authorities are in certs/rds',
  'Functions verify the database’s certificate with the region’s own authorities. Run npm run certs:refresh to fetch them, or choose another region.',
);

/** Databases of MySQL and RDS, and `deployment`, where the bootstrap records the users that it has made. */
const RESERVED_DATABASES = new Set([
  'deployment',
  'information_schema',
  'innodb',
  'mysql',
  'performance_schema',
  'sys',
  'tmp',
]);

function identifier(longest: number, kind: 'database' | 'user', isReserved: (name: string) => boolean): z.ZodString {
  const spelled = must(
    z.string(),
    (name) => name.length <= longest && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
    `must be 1 to ${longest} letters, digits or underscores, and not start with a digit`,
    `A ${kind} name that breaks this rule can cause errors in MySQL or RDS. Choose another.`,
  );
  return must(
    spelled,
    (name) => !isReserved(name),
    'must not be a reserved name',
    `MySQL, RDS or the deployment itself uses this ${kind}. Choose another.`,
  );
}

/**
 * This rule is stricter than MySQL's. RDS's rule for the name of an initial database does not apply, because the bootstrap creates the
 * database with an SQL statement.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/identifiers.html
 */
export const databaseName = identifier(64, 'database', (name) => RESERVED_DATABASES.has(name.toLowerCase()));

/** https://dev.mysql.com/doc/refman/8.4/en/user-names.html */
export const userName = identifier(32, 'user', isReservedUser);
