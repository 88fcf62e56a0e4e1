import * as z from 'zod';
import { PRIVILEGES } from '../../contract/route';
import { parseEvent } from '../shared/invocation/parse-event';

/** An identifier that needs no quotes in MySQL, unless it is a reserved word. https://dev.mysql.com/doc/refman/8.4/en/identifiers.html */
const identifier = (maxLength: number): z.ZodString =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and underscores, and must not start with a digit');

const databaseName = identifier(64);

/** Privileges on one table, or on every table of a database if `*` stands for the table. */
const grant = z.strictObject({
  // SECURITY: the privileges go into a statement unescaped.
  privileges: z.array(z.enum(PRIVILEGES)).min(1).readonly(),
  columns: z.array(identifier(64)).min(1).readonly().optional(),
  on: z.tuple([databaseName, identifier(64).or(z.literal('*'))]).readonly(),
});

// https://dev.mysql.com/doc/refman/8.4/en/user-names.html
const userName = identifier(32);

/** Host part of the account. https://dev.mysql.com/doc/refman/8.4/en/account-names.html */
const host = z.string().regex(/^(%|[\d.]+(\/[\d.]+)?)$/, 'must be % or an IPv4 address with an optional netmask');

/** A user as the deployment declares it. */
const user = z
  .strictObject({
    name: userName,
    login: z.enum(['password', 'iam']),
    host,
    maxUserConnections: z.int().min(1),
    grants: z.array(grant).readonly(),
    /** The secret with the password. Required for a user that logs in by password. */
    secretArn: z.string().startsWith('arn:').optional(),
  })
  .refine(({ login, secretArn }) => (login === 'password') === (secretArn !== undefined), {
    message: 'must be set for a user that logs in by password, and only for such a user',
    path: ['secretArn'],
  });

/** The event of the first invocation in a deployment. It lists what must exist. */
const definition = z.strictObject({
  database: databaseName,
  users: z.array(user).readonly(),
  /** Names of users that an early version of this function may have created without recording them. */
  unrecordedNames: z.array(userName).readonly().default([]),
});

/** The event of a deployment's last invocation, which drops undeclared users. By then, no client uses these users. */
const cleanUp = z.strictObject({
  database: databaseName,
  /** The declared accounts. Every other account that the deployment has made is dropped. */
  keepUsers: z.array(z.strictObject({ name: userName, host })).readonly(),
});

export type Definition = z.infer<typeof definition>;
export type CleanUp = z.infer<typeof cleanUp>;
export type User = z.infer<typeof user>;
export type Grant = z.infer<typeof grant>;

export const isCleanUp = (event: Definition | CleanUp): event is CleanUp => 'keepUsers' in event;

/**
 * Parses the event of the function. The function logs in as the master user, so it accepts only a complete and valid event.
 *
 * @throws Error that lists the faults of the event. If a field of a user is missing, unknown or of the wrong type, the user's
 * `secretArn` is not checked against its `login`.
 */
export function parseRequest(event: unknown): Definition | CleanUp {
  return Object.hasOwn(Object(event) as object, 'keepUsers')
    ? parseEvent(cleanUp, event, 'The event must name a database and the users to keep. Nothing was changed.')
    : parseEvent(definition, event, 'The event must define a database and its users. Nothing was changed.');
}
