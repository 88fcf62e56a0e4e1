import { Permissions } from '../../../iam/permissions';
import { ProxySecrets } from '../../../rds/proxy/proxy-secrets';
import type { DbProxy } from '../../../rds/resources';
import { deployed, ROLES, SECRETS, set, without, type Resources } from '../../support/applied';
import { trustPolicy } from '../../support/functions';

const CONTENT = JSON.stringify({ username: 'timestamps', password: 'first password' });

/** Reads the credentials of a proxy whose secret has this content, after a change of the applied resources. */
async function readCredentials(content: Promise<string>, change?: (resources: Resources) => void) {
  const applied = deployed(change);
  const [proxy] = applied.all<DbProxy>('aws_db_proxy');
  if (proxy === undefined) throw new Error('A proxy must be applied');
  const log: string[] = [];
  const read = jest.fn(() => content);
  const secrets = new ProxySecrets(proxy, Permissions.of(applied), read, (line) => log.push(line));
  const credentials: unknown[] = [];
  for await (const credential of secrets.credentials()) credentials.push(credential);
  return { credentials, log, read };
}

describe('the secret of a proxy', () => {
  it('gives the proxy a user and its password', async () => {
    const { credentials, log } = await readCredentials(Promise.resolve(CONTENT));
    expect(credentials).toMatchObject([
      { auth: { secret_arn: SECRETS.timestamps }, user: 'timestamps', password: 'first password' },
    ]);
    expect(log).toEqual([]);
  });

  it.each([
    ['has no username', JSON.stringify({ password: 'first password' }), 'has no username'],
    ['has no password', JSON.stringify({ username: 'timestamps' }), 'has no password'],
    ['has a number as password', JSON.stringify({ username: 'timestamps', password: 1 }), 'has no password'],
    ['is not JSON', 'first password', 'cannot be read: it is not JSON'],
    ['is not an object', '"first password"', 'cannot be read: it is not a JSON object'],
    ['is null', 'null', 'cannot be read: it is not a JSON object'],
  ])('gives no credentials if it %s; the log has the reason, but not the content', async (_flaw, content, reason) => {
    const { credentials, log } = await readCredentials(Promise.resolve(content));
    expect(credentials).toEqual([]);
    expect(log).toEqual([`The secret ${SECRETS.timestamps} ${reason}`]);
  });

  it('gives no credentials if Secrets Manager does not return it', async () => {
    const { credentials, log } = await readCredentials(Promise.reject(new Error('no such secret')));
    expect(credentials).toEqual([]);
    expect(log).toEqual([`The secret ${SECRETS.timestamps} cannot be read: Error: no such secret`]);
  });

  it.each([
    [
      'has no policy that allows the read',
      without('aws_iam_role_policy', ({ role }) => role === 'proxy'),
      `${ROLES.proxy} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRETS.timestamps}`,
    ],
    [
      'does not trust RDS',
      set('aws_iam_role', { assume_role_policy: trustPolicy('lambda.amazonaws.com') }),
      `${ROLES.proxy} does not allow rds.amazonaws.com to assume it`,
    ],
  ])('is not read if the proxy’s role %s', async (_what, change, line) => {
    const { credentials, log, read } = await readCredentials(Promise.resolve(CONTENT), change);
    expect(credentials).toEqual([]);
    expect(log).toEqual([line]);
    expect(read).not.toHaveBeenCalled();
  });
});
