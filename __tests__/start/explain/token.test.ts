import { appliedOf, trustPolicy } from '../../../local/__tests__/support';
import { Permissions } from '../../../local/decisions';
import type { ConditionInputs, Target } from '../../../start/explain/condition-inputs';
import { tokenFindings } from '../../../start/explain/token';

const ROLE = 'arn:aws:iam::123456789012:role/items';
const DB_USER_PREFIX = 'arn:aws:rds-db:eu-central-1:123456789012:dbuser';

const instance = {
  kind: 'instance',
  host: 'db.test',
  instance: { arn: 'arn:aws:rds:eu-central-1:123456789012:db:login-matrix', resource_id: 'db-ABC' },
} as Target;
const proxy = {
  kind: 'proxy',
  host: 'proxy.test',
  proxy: { arn: 'arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-0123' },
} as Target;

const client = { name: 'the function items', role: ROLE, region: 'eu-central-1', source: { id: 'items' } };

/** A state in which the role of the client may log in to the instance as `items`. */
const applied = appliedOf({
  aws_iam_role: [{ arn: ROLE, name: 'items', assume_role_policy: trustPolicy('lambda.amazonaws.com') }],
  aws_iam_role_policy: [
    {
      name: 'connect',
      role: 'items',
      policy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Action: 'rds-db:connect', Resource: `${DB_USER_PREFIX}:db-ABC/items` }],
      }),
    },
  ],
});

const findings = (login: object = {}, target: Target | undefined = instance) =>
  tokenFindings({
    applied,
    permissions: Permissions.of(applied),
    login: { client, userName: 'items', credential: 'token', ...login },
    target,
  } as unknown as ConditionInputs);

describe('the conditions of a token', () => {
  it('are the region that it is signed for, and the permission of the role', () => {
    const conditions = findings();
    expect(conditions.map(({ needs }) => needs)).toEqual([
      'the token is signed for the region of the endpoint, eu-central-1',
      "the function items may log in as 'items'",
    ]);
    expect(conditions.filter(({ fix }) => fix !== undefined)).toEqual([]);
  });

  it.each([
    ['a password', { credential: 'password' }],
    ['a client without a role, for example a person outside AWS', { client: { ...client, role: undefined } }],
  ])('do not apply to %s', (_what, login) => {
    expect(findings(login)).toEqual([]);
  });

  it('include an unmet condition, with a fix, if the client signs for another region', () => {
    expect(findings({ client: { ...client, region: 'eu-west-1' } })[0]).toMatchObject({
      found: 'the function items signs for eu-west-1',
      resources: [client.source, { resource_id: 'db-ABC' }],
      fix: 'Run the function items in eu-central-1, or sign the token for eu-central-1.',
    });
  });

  it('include an unmet condition, with a fix, if no policy allows this user at this endpoint', () => {
    const fix = (arn: string): string =>
      `Allow rds-db:connect on ${arn} in a policy of ${ROLE}. The ARN contains the resource id (db-… of an instance, prx-… of a proxy), never the name.`;
    expect(findings({ userName: 'nobody' })[1]).toMatchObject({ fix: fix(`${DB_USER_PREFIX}:db-ABC/nobody`) });
    expect(findings({}, proxy)[1]).toMatchObject({ fix: fix(`${DB_USER_PREFIX}:prx-0123/items`) });
  });
});
