import { Signer } from '@aws-sdk/rds-signer';
import { Permissions } from '../../../iam/permissions';
import { connectArn, IamAuthentication } from '../../../rds/login/iam-authentication';
import { dbUserArn, deployed, HOSTS, REGION, ROLES, type Resources } from '../../support/applied';
import { ACCOUNT } from '../../support/http-state';

const ARN = `arn:aws:rds:${REGION}:${ACCOUNT}:db:matrix`;
const credentials = { accessKeyId: 'FUNCTIONS', secretAccessKey: 'secret', sessionToken: 'a session' };
const MINUTE_MS = 60_000;

type Change = (resources: Resources) => void;

/** Returns the IAM authentication of the instance. `change` alters the Terraform resources, `minutesAhead` the instance's clock. */
const authentication = ({ change, minutesAhead = 0 }: { change?: Change; minutesAhead?: number } = {}) =>
  new IamAuthentication({
    host: HOSTS.instance,
    port: 3306,
    arn: ARN,
    resourceId: 'db-MATRIX',
    credentialsOf: (id) => (id === credentials.accessKeyId ? { ...credentials, roleArn: ROLES.functions } : undefined),
    permissions: Permissions.of(deployed(change)),
    now: () => new Date(Date.now() + minutesAhead * MINUTE_MS),
  });

const sign = (username: string): Promise<string> =>
  new Signer({ hostname: HOSTS.instance, port: 3306, region: REGION, username, credentials }).getAuthToken();

/** Makes the policy of the functions allow this resource instead of the instance's user `items`. */
const allowingInstead =
  (resource: string): Change =>
  ({ aws_iam_role_policy: [policy = {}] = [] }) => {
    policy['policy'] = (policy['policy'] as string).replaceAll('dbuser:db-MATRIX/items', resource);
  };

describe('a token', () => {
  it('is accepted if its role may connect as the user', async () => {
    expect(authentication().refusalOfToken(await sign('items'), 'items')).toBeUndefined();
  });

  it.each([
    ['only other users', 'dbuser:db-MATRIX/others'],
    ['its user only at a proxy', 'dbuser:prx-iam/items'],
    ['its user, but with the name of the instance in place of the resource id', 'dbuser:matrix/items'],
  ])('is refused if the policy of its role allows %s', async (_allowed, resource) => {
    expect(authentication({ change: allowingInstead(resource) }).refusalOfToken(await sign('items'), 'items')).toBe(
      `${ROLES.functions} is not authorized to perform: rds-db:connect on resource: ${dbUserArn('db-MATRIX', 'items')}`,
    );
  });

  it('expires after fifteen minutes by the clock of the endpoint', async () => {
    expect(authentication({ minutesAhead: 14 }).refusalOfToken(await sign('items'), 'items')).toBeUndefined();
    expect(authentication({ minutesAhead: 15 }).refusalOfToken(await sign('items'), 'items')).toBe(
      'the token has expired',
    );
  });
});

describe('the resource of rds-db:connect', () => {
  it('has the partition, region, account and resource id of the endpoint, and the user', () => {
    expect(connectArn(ARN, 'db-MATRIX', 'items')).toBe(
      'arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-MATRIX/items',
    );
    const proxy = 'arn:aws-cn:rds:cn-north-1:123456789012:db-proxy:prx-iam';
    expect(connectArn(proxy, 'prx-iam', 'timestamps')).toBe(
      'arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:prx-iam/timestamps',
    );
  });
});
