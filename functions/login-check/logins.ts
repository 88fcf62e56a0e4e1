import * as z from 'zod';
import type { Credentials } from '../shared/credentials';
import { iamCredentials } from '../shared/iam-credentials';
import { parseEvent } from '../shared/parse-event';
import { secretCredentials } from '../shared/secret-credentials';
import type { Target } from '../shared/target';
import { verifiedTls } from '../shared/tls';

const common = {
  /** Whose login it is, for example `GET /func1`. */
  route: z.string().min(1),
  at: z.enum(['instance', 'proxy']),
  host: z.string().min(1),
  port: z.int(),
  user: z.string().min(1),
};

/** One way to log in that must work when the deployment ends. */
const login = z.discriminatedUnion('by', [
  z.strictObject({ ...common, by: z.literal('password'), secretArn: z.string().startsWith('arn:') }),
  z.strictObject({ ...common, by: z.literal('iam') }),
]);

const check = z.strictObject({ logins: z.array(login).min(1).readonly() });

export type Login = z.infer<typeof login>;

/** Reads the event of the function. @throws Error that lists everything that is wrong with it */
export const parseLogins = (event: unknown): readonly Login[] =>
  parseEvent(check, event, 'The event must list the logins to check.').logins;

/** Where a login goes, and whom it trusts there. */
export function targetOf({ at, host, port }: Login): Target {
  const variable = at === 'instance' ? 'DB_CA_FILE' : 'PROXY_CA_FILE';
  return { host, port, tls: verifiedTls(variable, `the certificate authorities of the ${at}`) };
}

/** What a login proves itself by, as the function of its route does. */
export function credentialsOf(one: Login, target: Target): Credentials {
  return one.by === 'password' ? secretCredentials(one.secretArn) : iamCredentials(target, one.user);
}

/** In words for a person: `GET /func1 (by password as timestamps at HOST)`. */
export const nameOf = ({ route, by, user, host }: Login): string =>
  `${route} (by ${by === 'iam' ? 'IAM' : 'password'} as ${user} at ${host})`;
