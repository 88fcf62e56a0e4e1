import * as z from 'zod';
import type { DatabaseCredentials } from '../shared/database/database-credentials';
import { iamCredentials } from '../shared/database/iam-credentials';
import type { Target } from '../shared/database/target';
import { verifiedTls } from '../shared/database/tls';
import { parseEvent } from '../shared/invocation/parse-event';
import { secretCredentials } from '../shared/secrets/secret-credentials';

const common = {
  /** The route that logs in this way, for example `GET /func1`. */
  route: z.string().min(1),
  at: z.enum(['instance', 'proxy']),
  host: z.string().min(1),
  port: z.int(),
  user: z.string().min(1),
};

/** One way to log in. If it does not work, the deployment fails. */
const login = z.discriminatedUnion('by', [
  z.strictObject({ ...common, by: z.literal('password'), secretArn: z.string().startsWith('arn:') }),
  z.strictObject({ ...common, by: z.literal('iam') }),
]);

const eventSchema = z.strictObject({ logins: z.array(login).min(1).readonly() });

export type LoginToCheck = z.infer<typeof login>;

/** Validates the event of the function. @throws Error that lists the faults of the event */
export const parseLogins = (event: unknown): readonly LoginToCheck[] =>
  parseEvent(eventSchema, event, 'The event must list the logins to check.').logins;

/** Returns where to log in: the endpoint, and TLS options that trust the authorities of its certificate. */
export function targetOf({ at, host, port }: LoginToCheck): Target {
  const variable = at === 'instance' ? 'DB_CA_FILE' : 'PROXY_CA_FILE';
  return { host, port, tls: verifiedTls(variable, `the certificate authorities of the ${at}`) };
}

/** Makes the credentials that the function of the route uses. */
export function credentialsOf(loginToCheck: LoginToCheck, target: Target): DatabaseCredentials {
  return loginToCheck.by === 'password'
    ? secretCredentials(loginToCheck.secretArn)
    : iamCredentials(target, loginToCheck.user);
}

/** Describes a login: `GET /func1 (by password as timestamps at HOST)`. */
export const nameOf = ({ route, by, user, host }: LoginToCheck): string =>
  `${route} (by ${by === 'iam' ? 'IAM' : 'password'} as ${user} at ${host})`;
