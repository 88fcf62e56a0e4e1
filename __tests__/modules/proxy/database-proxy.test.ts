import { parseSettings } from '../../../modules/settings/settings';
import { belongsToAddedRoute } from '../../support/shipped-routes';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

/** Returns the auth blocks of a proxy, without those for users of added routes. */
const authOf = (kind: string) =>
  (stack.one('aws_db_proxy', kind).auth as { secret_arn: string }[]).filter(
    (auth) => !belongsToAddedRoute(auth.secret_arn),
  );

describe('the password proxy', () => {
  it('accepts passwords but no tokens, and by default does not require TLS', () => {
    const auth = {
      auth_scheme: 'SECRETS',
      iam_auth: 'DISABLED',
      client_password_auth_type: 'MYSQL_CACHING_SHA2_PASSWORD',
    };
    expect(stack.one('aws_db_proxy', 'password')).toMatchObject({
      engine_family: 'MYSQL',
      require_tls: false,
    });
    expect(authOf('password')).toMatchObject([auth, auth]);
  });

  it('requires TLS if proxies.password.requireTls is true', () => {
    const requiringTls = synthesise({ ...allFeatures, proxies: { password: { requireTls: true } } });
    expect(requiringTls.one('aws_db_proxy', 'password').require_tls).toBe(true);
  });
});

describe('the IAM proxy', () => {
  it('accepts tokens over TLS, and no passwords', () => {
    const proxy = stack.one('aws_db_proxy', 'iam');
    const auth = { auth_scheme: 'SECRETS', iam_auth: 'REQUIRED' };
    expect(proxy).toMatchObject({ require_tls: true });
    expect(authOf('iam')).toMatchObject([auth, auth]);
    for (const secret of proxy.auth) expect(secret).not.toHaveProperty('client_password_auth_type');
  });
});

describe.each(['password', 'iam'] as const)('the %s proxy', (kind) => {
  it('takes users and passwords from its secrets, and does not set the argument username', () => {
    const auth = authOf(kind);
    expect(auth.map(({ secret_arn }) => secret_arn)).toEqual(
      ['timestamps', 'matrix'].map((user) => `\${${stack.addressOf('aws_secretsmanager_secret', user)}.arn}`),
    );
    for (const secret of auth) expect(secret).not.toHaveProperty('username');
  });

  // Without max_idle_connections_percent the provider sends 50, which RDS rejects because it exceeds max_connections_percent.
  it('may hold maxConnectionsPercent of the connections, half of them idle, and by default lets a client wait 3 s for one', () => {
    const percent = parseSettings(allFeatures).proxies[kind].maxConnectionsPercent;
    expect(stack.one('aws_db_proxy_default_target_group', kind).connection_pool_config).toEqual({
      max_connections_percent: percent,
      max_idle_connections_percent: Math.floor(percent / 2),
      connection_borrow_timeout: 3,
    });
  });

  // In an account that has never had an instance, RDS refuses to create a proxy.
  it('is created after the instance', () => {
    expect(stack.one('aws_db_proxy', kind).depends_on).toContain(stack.addressOf('aws_db_instance'));
  });

  it('targets the instance after the database users exist', () => {
    expect(stack.one('aws_db_proxy_target', kind)).toMatchObject({
      db_instance_identifier: `\${${stack.addressOf('aws_db_instance')}.identifier}`,
      depends_on: [stack.addressOf('aws_lambda_invocation', 'bootstrap')],
    });
  });

  // Pool and target refer to the proxy only by its name, which stays the same. Without the trigger Terraform would see no change.
  it('replaces its pool and its target when it is replaced', () => {
    const lifecycle = { replace_triggered_by: [`${stack.addressOf('aws_db_proxy', `${kind}-proxy`)}.arn`] };
    expect(stack.one('aws_db_proxy_default_target_group', kind)).toMatchObject({ lifecycle });
    expect(stack.one('aws_db_proxy_target', kind)).toMatchObject({ lifecycle });
  });

  it('writes to a log group with a retention time', () => {
    expect(stack.one('aws_cloudwatch_log_group', `${kind}-proxy`)).toMatchObject({
      name: `/aws/rds/proxy/login-matrix-test-${kind}`,
      retention_in_days: 30,
    });
    expect(stack.one('aws_db_proxy', kind).depends_on).toContain(
      stack.addressOf('aws_cloudwatch_log_group', `${kind}-proxy`),
    );
  });

  it('is in the private subnets of the first two zones, even if there is a third zone', () => {
    const zones = ['euc1-az1', 'euc1-az2', 'euc1-az3'];
    const withThreeZones = synthesise({ ...allFeatures, network: { ...allFeatures.network, zones } });
    expect(withThreeZones.one('aws_db_proxy', kind)['vpc_subnet_ids']).toEqual([
      expect.stringContaining('private-0'),
      expect.stringContaining('private-1'),
    ]);
  });
});
