import {
  flawOf,
  parametersOf,
  poolConfigOf,
  requiresTls,
  resourceIdOf,
  targetInstanceOf,
  type DbInstance,
  type DbProxy,
} from '../../rds/resources';
import { deployed, POOL, set, without, type Resources } from '../support/applied';

type Change = (resources: Resources) => void;

/** The deployment after a change, with its instance and its proxies. */
function deployment(change?: Change) {
  const applied = deployed(change);
  const [instance] = applied.all<DbInstance>('aws_db_instance');
  const [password, iam] = applied.all<DbProxy>('aws_db_proxy');
  if (!instance || !password || !iam) throw new Error('An instance and two proxies must be applied');
  return { applied, instance, password, iam };
}

describe('a proxy that does not require TLS', () => {
  const withOptionalTls: Change = set('aws_db_proxy', { require_tls: false });

  it('is rejected if a secret requires IAM authentication', () => {
    expect(flawOf(deployment(withOptionalTls).iam)).toEqual({
      reason: 'require_tls must be true, got false. RDS Proxy refuses iam_auth REQUIRED without TLS.',
      fix: 'Set require_tls to true.',
    });
  });

  it('is rejected if it logs in to the instance by IAM', () => {
    const { password } = deployment(set('aws_db_proxy', { require_tls: false, default_auth_scheme: 'IAM_AUTH' }));
    expect(flawOf(password)?.reason).toBe(
      'require_tls must be true, got false. RDS Proxy refuses default_auth_scheme IAM_AUTH without TLS.',
    );
  });

  it('is accepted if its clients log in by password', () => {
    expect(flawOf(deployment(withOptionalTls).password)).toBeUndefined();
  });
});

describe('a proxy', () => {
  it('may require IAM authentication if it requires TLS', () => {
    expect(flawOf(deployment().iam)).toBeUndefined();
  });

  it('has the resource id with which its ARN ends', () => {
    expect(resourceIdOf(deployment().iam)).toBe('prx-iam');
  });

  it('has the instance of its target, if target and instance are applied', () => {
    const { applied, instance, iam } = deployment();
    expect(targetInstanceOf(applied, iam)).toBe(instance);
    const withoutTarget = deployment(without('aws_db_proxy_target', ({ db_proxy_name }) => db_proxy_name === 'iam'));
    expect(targetInstanceOf(withoutTarget.applied, withoutTarget.iam)).toBeUndefined();
    expect(targetInstanceOf(withoutTarget.applied, withoutTarget.password)).toBe(withoutTarget.instance);
    const withoutInstance = deployed(without('aws_db_instance', () => true));
    expect(targetInstanceOf(withoutInstance, iam)).toBeUndefined();
  });
});

describe('the parameters of an instance', () => {
  it('are those of its parameter group, by name in lower case', () => {
    const parameter = [{ name: 'Max_Connections', value: '50' }];
    const { applied, instance } = deployment(set('aws_db_parameter_group', { parameter }));
    expect(parametersOf(applied, instance)).toEqual({ max_connections: '50' });
  });

  it('are none if its parameter group is not applied', () => {
    const { applied, instance } = deployment(set('aws_db_instance', { parameter_group_name: 'default.mysql8.4' }));
    expect(parametersOf(applied, instance)).toEqual({});
  });

  it('require TLS only if require_secure_transport is 1 or ON, in upper or lower case', () => {
    const requiresTlsWith = (...parameter: object[]): boolean => {
      const { applied, instance } = deployment(set('aws_db_parameter_group', { parameter }));
      return requiresTls(applied, instance);
    };
    const values = ['1', 'ON', 'on', '0', 'OFF', '11'];
    const requiring = values.filter((value) => requiresTlsWith({ name: 'require_secure_transport', value }));
    expect(requiring).toEqual(['1', 'ON', 'on']);
    expect(requiresTlsWith()).toBe(false);
  });
});

describe('the connection pool of a proxy', () => {
  const poolWith = (values: object) => {
    const pool = { connection_pool_config: [{ ...POOL, ...values }] };
    const { applied, password } = deployment(set('aws_db_proxy_default_target_group', pool));
    return poolConfigOf(applied, password);
  };

  it('has RDS Proxy’s defaults if no target group is applied', () => {
    const { applied, password } = deployment(without('aws_db_proxy_default_target_group', () => true));
    expect(poolConfigOf(applied, password)).toEqual({
      connection_borrow_timeout: 120,
      max_connections_percent: 100,
      max_idle_connections_percent: 50,
      init_query: null,
      session_pinning_filters: null,
    });
  });

  it('may not have a max_idle_connections_percent above its max_connections_percent', () => {
    expect(poolWith({ max_idle_connections_percent: 45 })).toMatchObject({ max_idle_connections_percent: 45 });
    expect(() => poolWith({ max_idle_connections_percent: 46 })).toThrow(
      'max_idle_connections_percent of the proxy "password" must be at most max_connections_percent 45, got 46: ' +
        'RDS refuses to keep more connections idle than the pool may hold. Lower max_idle_connections_percent.',
    );
  });

  it('may have the filter EXCLUDE_VARIABLE_SETS, and no other', () => {
    const filters = ['EXCLUDE_VARIABLE_SETS'];
    expect(poolWith({ session_pinning_filters: filters })).toMatchObject({ session_pinning_filters: filters });
    expect(() => poolWith({ session_pinning_filters: [...filters, 'EXCLUDE_ALL'] })).toThrow(
      'session_pinning_filters of the proxy "password" must be EXCLUDE_VARIABLE_SETS, got EXCLUDE_ALL: ' +
        'RDS has no other filter. Remove EXCLUDE_ALL.',
    );
  });
});
