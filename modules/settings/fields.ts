import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseBlock } from './cidr';

/** What a field's own rule tells about itself when it fails; `describe` in `problem.ts` makes the sentence. */
export interface FieldRule {
  readonly rule: string;
  readonly remedy: string;
}

/** A schema with one more rule, in the words the user will read. */
export function must<T extends z.ZodType>(
  schema: T,
  holds: (value: z.output<T>) => boolean,
  rule: string,
  remedy: string,
): T {
  const params: FieldRule = { rule, remedy };
  return schema.refine(holds, { params: { ...params } });
}

/** Whole numbers from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number, remedy: string): z.ZodNumber {
  return must(
    z.number(),
    (value) => Number.isInteger(value) && value >= minimum && value <= maximum,
    `must be a whole number from ${minimum} to ${maximum}`,
    remedy,
  );
}

const OPEN_TO_ALL = 'A list with it lets everyone in. Name the addresses of the offices.';

/** One entry of the allowlist of offices. */
export function officeBlock(family: 4 | 6): z.ZodString {
  const other = family === 4 ? 6 : 4;
  const cidr = must(
    z.string(),
    (text) => parseBlock(text) !== undefined,
    'must be an address block in CIDR notation',
    `AWS WAF takes no bare address. For a single address write ${family === 4 ? '192.0.2.10/32' : '2001:db8::10/128'}.`,
  );
  const inPlace = must(
    cidr,
    (text) => (parseBlock(text)?.family ?? family) === family,
    `must be an IPv${family} block`,
    `AWS WAF keeps one set for each version. Move it to edge.allowlist.ipv${other}.`,
  );
  const exact = must(
    inPlace,
    (text) => parseBlock(text)?.exact ?? true,
    'must start at the first address of its block',
    'The bits behind the prefix must be zero. Write the network address, or a longer prefix.',
  );
  return must(exact, (text) => parseBlock(text)?.prefixLength !== 0, 'must not be open to every address', OPEN_TO_ALL);
}

/** An IPv4 block of the VPC, named by its first address. */
export function ipv4Block(shortest: number, longest: number): z.ZodString {
  return must(
    z.string(),
    (text) => {
      const block = parseBlock(text);
      return block?.family === 4 && block.exact && block.prefixLength >= shortest && block.prefixLength <= longest;
    },
    `must be an IPv4 block from /${shortest} to /${longest}, named by its first address`,
    'Amazon VPC takes no other. Write it as in 10.20.0.0/16.',
  );
}

const CA_FOLDER = join(__dirname, '..', '..', 'certs', 'rds');
const regionsWithCa = new Set(readdirSync(CA_FOLDER).map((file) => file.replace(/\.pem$/, '')));

/** A region of the `aws` partition whose RDS certificate authorities are in `certs/`. */
export const region = must(
  z.string(),
  (value) => regionsWithCa.has(value) && !/^(cn|us-gov|us-iso)-/.test(value),
  'must be a region of the aws partition that has a CA bundle in certs/rds',
  'Logins are verified against the region’s own certificate authorities. Correct the name, or run npm run certs:refresh for a new region.',
);

const RESERVED_DATABASES = new Set(['information_schema', 'innodb', 'mysql', 'performance_schema', 'sys', 'tmp']);
const RESERVED_USERS = new Set([
  'admin',
  'event_scheduler',
  'mysql',
  'public',
  'rds_superuser_role',
  'rdsadmin',
  'rdsproxyadmin',
  'rdsrepladmin',
  'rdstopmgr',
  'root',
]);

function identifier(longest: number, what: string, reserved: ReadonlySet<string>): z.ZodString {
  const spelled = must(
    z.string(),
    (name) => name.length <= longest && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
    `must be 1 to ${longest} letters, digits or underscores, and not start with a digit`,
    `MySQL and RDS take no other ${what} name without trouble. Choose another.`,
  );
  return must(
    spelled,
    (name) => !reserved.has(name.toLowerCase()),
    'must not be a reserved name',
    `MySQL or RDS use this ${what} themselves. Choose another.`,
  );
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (DBName) */
export const databaseName = identifier(64, 'database', RESERVED_DATABASES);

/** https://dev.mysql.com/doc/refman/8.4/en/user-names.html */
export const userName = identifier(32, 'user', RESERVED_USERS);
