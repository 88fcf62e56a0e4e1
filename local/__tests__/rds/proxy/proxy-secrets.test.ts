import { Permissions } from '../../../iam/permissions';
import { ProxySecrets } from '../../../rds/proxy/proxy-secrets';
import type { DbProxy } from '../../../rds/resources';
import { deployed, ROLES, SECRETS, set, without, type Resources } from '../../support/applied';
import { trustPolicy } from '../../support/functions';

const TIMESTAMPS = { username: 'timestamps', password: 'first password' };

let log: string[];
/** Content of the secret. */
let secret: string;

beforeEach(() => {
  log = [];
  secret = JSON.stringify(TIMESTAMPS);
});

/** Returns the secrets of the applied proxy after a change of the resources. */
function secretsOf(
  change?: (resources: Resources) => void,
  read: (arn: string) => Promise<string> = () => Promise.resolve(secret),
): ProxySecrets {
  const applied = deployed(change);
  const [proxy] = applied.all<DbProxy>('aws_db_proxy');
  if (proxy === undefined) throw new Error('A proxy must be applied');
  return new ProxySecrets(proxy, Permissions.of(applied), read, (line) => log.push(line));
}

describe('the secret of a proxy', () => {
  it('has the password of the user that it names, and of no other user', async () => {
    const secrets = secretsOf();
    expect(await secrets.of('timestamps')).toMatchObject({
      auth: { secret_arn: SECRETS.timestamps },
      password: 'first password',
    });
    expect(await secrets.of('admin')).toBeUndefined();
    expect(await secrets.all()).toEqual([{ user: 'timestamps', password: 'first password' }]);
    expect(log).toEqual([]);
  });

  it('is read for each login, so a rotation has an effect at once', async () => {
    const secrets = secretsOf();
    await secrets.of('timestamps');
    secret = JSON.stringify({ ...TIMESTAMPS, password: 'second password' });
    expect(await secrets.of('timestamps')).toMatchObject({ password: 'second password' });
  });

  it.each([
    ['has no username', JSON.stringify({ password: 'first password' }), 'has no username'],
    ['has no password', JSON.stringify({ username: 'timestamps' }), 'has no password'],
    ['has a number as password', JSON.stringify({ username: 'timestamps', password: 1 }), 'has no password'],
    ['is not JSON', 'first password', 'cannot be read: it is not JSON'],
    ['is not an object', '"first password"', 'cannot be read: it is not a JSON object'],
    ['is null', 'null', 'cannot be read: it is not a JSON object'],
  ])(
    'is ignored if it %s, and the log has the reason, but not the content of the secret',
    async (_flaw, content, reason) => {
      secret = content;
      expect(await secretsOf().of('timestamps')).toBeUndefined();
      expect(log).toEqual([`The secret ${SECRETS.timestamps} ${reason}`]);
      expect(await secretsOf().all()).toEqual([]);
    },
  );

  it('is ignored if Secrets Manager does not return it', async () => {
    const secrets = secretsOf(undefined, () => Promise.reject(new Error('no such secret')));
    expect(await secrets.of('timestamps')).toBeUndefined();
    expect(log).toEqual([`The secret ${SECRETS.timestamps} cannot be read: Error: no such secret`]);
  });

  it.each([
    [
      'may not read it',
      without('aws_iam_role_policy', ({ role }) => role === 'proxy'),
      `${ROLES.proxy} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRETS.timestamps}`,
    ],
    [
      'does not trust RDS',
      set('aws_iam_role', { assume_role_policy: trustPolicy('lambda.amazonaws.com') }),
      `${ROLES.proxy} does not allow rds.amazonaws.com to assume it`,
    ],
  ])('is not read if the proxy’s role %s', async (_what, change, line) => {
    const read = jest.fn(() => Promise.resolve(secret));
    expect(await secretsOf(change, read).of('timestamps')).toBeUndefined();
    expect(log).toEqual([line]);
    expect(read).not.toHaveBeenCalled();
  });
});
