import { ROUTE_USER_NAMES } from '../../../contract/routes';
import { loginMatrix } from '../../auth/matrix';
import { problemIf, type Rule } from './rule';

/**
 * Rejects settings with which no client can log in through the IAM proxy. The proxy must require TLS. With `upstream: 'iam'`
 * the instance must also allow logins by IAM.
 */
const usableIamProxy: Rule = {
  reads: ['database.iamAuthentication', 'proxies.iam'],
  check({ database: { iamAuthentication }, proxies: { iam } }) {
    const { enabled, requireTls, upstream } = iam;
    const proxy = { iamAuth: 'REQUIRED', requireTls, ...(upstream === 'iam' && { upstream }) } as const;
    const verdict = loginMatrix({ iamAuthentication, proxy }).iamToProxy;
    if (!enabled || verdict?.outcome === 'o') return [];
    const reason = verdict?.reason ?? '';
    const withIam = 'Set database.iamAuthentication to true, or proxies.iam.upstream to secret.';
    return requireTls
      ? problemIf(true, 'proxies.iam.upstream', 'must not be iam', `${reason}. ${withIam}`)
      : problemIf(true, 'proxies.iam.requireTls', 'must be true', `${reason}. Remove the setting or set it to true.`);
  },
};

/**
 * Rejects features that log in to the instance by IAM, without a proxy, if the instance does not allow logins by IAM. `/items` also
 * logs in that way, but needs no rule: if the instance does not allow it, `/items` is not deployed.
 */
const iamFeatures: Rule = {
  reads: ['database.iamAuthentication', 'database.users.clients', 'publicApi.enabled', 'client.enabled'],
  check({ database, publicApi, client }) {
    if (database.iamAuthentication) return [];
    const remedy = (subject: string) =>
      `${subject} to the instance by IAM, but database.iamAuthentication is false. Change one of the two settings.`;
    return [
      ...problemIf(publicApi.enabled, 'publicApi.enabled', 'must be false', remedy('The route GET / logs in')),
      ...problemIf(client.enabled, 'client.enabled', 'must be false', remedy('The client host logs in')),
      ...problemIf(
        database.users.clients.length > 0,
        'database.users.clients',
        'must be empty',
        remedy('These users log in'),
        database.users.clients.map(({ name }) => name),
      ),
    ];
  },
};

const publicApi: Rule = {
  reads: ['publicApi.enabled', 'database.publicAccess'],
  check({ publicApi: { enabled }, database: { publicAccess } }) {
    if (!enabled) return [];
    if (!publicAccess.enabled) {
      const remedy =
        'The function of GET / runs outside the VPC and reaches the instance over its public address. Enable database.publicAccess and fill in its cidrs and reason, or disable the public API.';
      return problemIf(true, 'database.publicAccess.enabled', 'must be true for publicApi.enabled', remedy);
    }
    return problemIf(
      !publicAccess.cidrs.includes('0.0.0.0/0'),
      'database.publicAccess.cidrs',
      'must contain 0.0.0.0/0 for publicApi.enabled',
      'Lambda outside a VPC uses millions of addresses, more than a security group can list. Add 0.0.0.0/0, or disable the public API.',
    );
  },
};

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const SECURITY_GROUP_RULES = 60;

/** Rules of the database's security group for clients in the VPC: functions, two proxies, bootstrap, rotation and client host. */
const OTHER_DATABASE_RULES = 6;

const publicCidrs: Rule = {
  reads: ['database.publicAccess'],
  check({ database: { publicAccess } }) {
    if (!publicAccess.enabled) return [];
    const { cidrs } = publicAccess;
    const most = SECURITY_GROUP_RULES - OTHER_DATABASE_RULES;
    return problemIf(
      cidrs.length === 0 || cidrs.length > most || new Set(cidrs).size < cidrs.length,
      'database.publicAccess.cidrs',
      `must list 1 to ${most} different blocks`,
      `Each block becomes a rule of the database's security group, which can have ${SECURITY_GROUP_RULES} rules and needs ${OTHER_DATABASE_RULES} for other clients. Change the list, or set database.publicAccess.enabled to false.`,
    );
  },
};

/**
 * The client host's role has an inline policy of up to 290 characters for each user. Together, the inline policies of
 * a role may have 10,240 characters. 30 users leave 1,540 characters for the role's other policy.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_CLIENTS = 30;

const clientHost: Rule = {
  reads: ['client.enabled', 'database.users.clients'],
  check: ({ client, database }) => [
    ...problemIf(
      client.enabled && database.users.clients.length === 0,
      'database.users.clients',
      'must name at least one user for client.enabled',
      'The client host has no user to log in as. Add a user, for example { name: "analyst" }.',
    ),
    ...problemIf(
      client.enabled && database.users.clients.length > MOST_CLIENTS,
      'database.users.clients',
      `must name at most ${MOST_CLIENTS} users for client.enabled`,
      'The policies of an IAM role are limited to 10,240 characters. Let people share users, or disable the client host.',
      database.users.clients.map(({ name }) => name),
    ),
  ],
};

const distinctUsers: Rule = {
  reads: ['database.users'],
  check({ database: { users } }) {
    const all = [
      ...ROUTE_USER_NAMES.map((user) => ({ setting: `database.users.${user}.name`, name: users[user].name })),
      ...users.clients.map(({ name }, index) => ({ setting: `database.users.clients.${index}.name`, name })),
    ];
    return all.flatMap(({ setting, name }, index) => {
      const earlier = all.slice(0, index).find((other) => other.name.toLowerCase() === name.toLowerCase());
      return problemIf(
        earlier !== undefined,
        setting,
        `must differ from ${earlier?.setting ?? ''}`,
        'Two settings cannot share a user, because a MySQL user has only one way to log in, one set of privileges and one connection limit. For IAM, names that differ only in case are equal. Choose another name.',
      );
    });
  },
};

export const loginRules: readonly Rule[] = [
  usableIamProxy,
  iamFeatures,
  publicApi,
  publicCidrs,
  clientHost,
  distinctUsers,
];
