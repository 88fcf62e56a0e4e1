import { KNOWN_MATRIX } from '../../../contract/known-matrix';
import { expectation } from '../../../modules/auth/expectation';
import { metricsOf, type Metric, type MetricSources } from '../../../modules/operations/metrics';

/** A stand-in for a construct, with the attributes that the metrics read. */
const constructWith = (attributes: object): never => attributes as never;

const functionIn = (folder: string): MetricSources['functions'][number] =>
  constructWith({ name: `test-${folder}`, folder });
const proxyOf = (kind: string): MetricSources['proxies'][number] => constructWith({ name: `test-${kind}`, kind });
const instanceWith = (props: object): MetricSources['instance'] => constructWith({ identifier: 'test', props });

const sources: MetricSources = {
  api: constructWith({ name: 'test', stageName: 'live' }),
  edge: constructWith({ webAclName: 'test-offices', distributionId: 'E1' }),
  functions: [functionIn('func1')],
  instance: instanceWith({ allocatedStorageGib: 20, maxConnections: 64 }),
  proxies: [proxyOf('iam-proxy')],
};

function metric(id: string, change: Partial<MetricSources> = {}): Metric {
  const match = metricsOf({ ...sources, ...change }).find((candidate) => candidate.id === id);
  if (match === undefined) throw new Error(`There is no metric ${id}`);
  return match;
}

const thresholdOf = (id: string, change: Partial<MetricSources> = {}): number | undefined =>
  metric(id, change).alarm?.threshold;

describe('the metrics', () => {
  it('name their resource as CloudWatch does', () => {
    expect(metric('api-5xx').dimensions).toEqual({ ApiName: 'test', Stage: 'live' });
    expect(metric('func1-errors').dimensions).toEqual({ FunctionName: 'test-func1' });
    expect(metric('database-cpu').dimensions).toEqual({ DBInstanceIdentifier: 'test' });
    expect(metric('iam-proxy-pinned').dimensions).toEqual({ ProxyName: 'test-iam-proxy' });
    expect(metric('waf-blocks').dimensions).toEqual({ WebACL: 'test-offices', Rule: 'ALL' });
    expect(metric('edge-5xx').dimensions).toEqual({ DistributionId: 'E1', Region: 'Global' });
  });

  it('are those of the deployed resources', () => {
    const groupsOf = (change: Partial<MetricSources> = {}): string[] => [
      ...new Set(metricsOf({ ...sources, ...change }).map(({ group }) => group)),
    ];
    expect(groupsOf()).toEqual(['API', 'Functions', 'Database', 'Proxies', 'WAF', 'CloudFront']);
    expect(groupsOf({ api: undefined, edge: undefined, functions: [], proxies: [] })).toEqual(['Database']);
  });

  it('have different ids, also for two functions and two proxies', () => {
    const functions = ['func1', 'bootstrap'].map(functionIn);
    const proxies = ['iam-proxy', 'password-proxy'].map(proxyOf);
    const ids = metricsOf({ ...sources, functions, proxies }).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('are in us-east-1 only for the WAF and CloudFront', () => {
    expect(metricsOf(sources).flatMap(({ id, global }) => (global ? [id] : []))).toEqual(['waf-blocks', 'edge-5xx']);
  });

  it('add up the clients of all nodes of a proxy, because each node reports its own number once a minute', () => {
    expect(metric('iam-proxy-clients')).toMatchObject({ statistic: 'Sum', periodSeconds: 60 });
  });

  it('have an alarm if an operator can act on them', () => {
    const withoutAlarm = metricsOf(sources).flatMap(({ id, alarm }) => (alarm ? [] : [id]));
    expect(withoutAlarm).toEqual(['api-requests', 'iam-proxy-clients']);
  });
});

describe('the alarm on free storage', () => {
  it.each([
    [true, /Raise database\.allocatedStorageGib\.$/],
    [false, /Raise database\.allocatedStorageGib\. Also set database\.applyImmediately to true, or the change waits/],
  ])(
    'names a remedy that does not wait for the maintenance window, with applyImmediately %s',
    (applyImmediately, remedy) => {
      const instance = instanceWith({ allocatedStorageGib: 20, maxConnections: 64, applyImmediately });
      expect(metric('database-storage', { instance }).alarm?.description).toMatch(remedy);
    },
  );
});

describe('the alarms on 5xx', () => {
  it('measure at API Gateway what the functions answer, and at CloudFront what callers get', () => {
    expect(metric('api-5xx')).toMatchObject({ namespace: 'AWS/ApiGateway', metricName: '5XXError', statistic: 'Sum' });
    expect(metric('api-5xx').alarm?.description).toMatch(/^The functions answer 5xx/);
    // CloudFront's rates have no other statistic.
    expect(metric('edge-5xx')).toMatchObject({
      namespace: 'AWS/CloudFront',
      metricName: '5xxErrorRate',
      statistic: 'Average',
      alarm: { when: 'GreaterThanThreshold', threshold: 5, periods: 3 },
    });
    expect(metric('edge-5xx').alarm?.description).toMatch(/^More than 5 % of the requests get 5xx/);
  });
});

describe('the threshold of an alarm', () => {
  it('follows the size of the instance', () => {
    // A tenth of the storage, and 80 % of the connections.
    expect(thresholdOf('database-storage')).toBe(2 * 1024 ** 3);
    expect(thresholdOf('database-connections')).toBe(Math.round(0.8 * 64));
    const instance = instanceWith({ allocatedStorageGib: 100, maxConnections: 512 });
    expect(thresholdOf('database-storage', { instance })).toBe(10 * 1024 ** 3);
    expect(thresholdOf('database-connections', { instance })).toBe(Math.round(0.8 * 512));
  });

  /** The rows of the matrix whose proxy accepts a password (client c) or a token (client d). Synth rejects all other proxies. */
  const rowsWithProxy = KNOWN_MATRIX.filter(({ proxy, outcomes }) => proxy && [outcomes.c, outcomes.d].includes('o'));

  it.each(rowsWithProxy)(
    'on refused logins at the proxy of row $row equals the refusals in 20 calls of GET /auth-matrix',
    (row) => {
      // The test gives the name iam-proxy to the proxy of every row.
      const proxies = { ...(row.proxy && { 'iam-proxy': row.proxy }) };
      const settings = { environment: 'test', iamAuthentication: row.iamAuthentication, requireSecureTransport: false };
      const logins = expectation({ ...settings, proxies }).logins.filter(({ target }) => target === 'iam-proxy');
      // At worst, a login by password tries the current password and then the previous one: functions/auth-matrix/measure.ts.
      const attempts = logins.flatMap(({ login }) => (login === 'password' ? ['current', 'previous'] : ['token']));
      const connected = logins.filter(({ expected }) => expected === 'o');
      const refusals = attempts.length - connected.length;
      expect(thresholdOf('iam-proxy-auth-failures', { functions: [functionIn('auth-matrix')] })).toBe(20 * refusals);
    },
  );

  // A rotation without faults may cause two refused logins in each container: modules/operations/metrics.ts.
  it('on refused logins is two for each of ten containers if /auth-matrix is not deployed', () => {
    expect(thresholdOf('iam-proxy-auth-failures')).toBe(2 * 10);
  });
});
