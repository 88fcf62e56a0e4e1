import { Applied } from '../../../local';
import {
  iamInstanceOf,
  proxyLogsInByIam,
  targetAt,
  type ConditionInputs,
} from '../../../start/explain/condition-inputs';

const resource = (type: string, name: string, values: Record<string, unknown>) => ({
  address: `${type}.${name}`,
  mode: 'managed' as const,
  type,
  name,
  values,
});

const applied = new Applied({
  values: {
    root_module: {
      resources: [
        resource('aws_db_instance', 'database', { address: 'db.example.com', identifier: 'database' }),
        resource('aws_db_proxy', 'proxy', { endpoint: 'proxy.example.com', name: 'proxy' }),
        resource('aws_route53_record', 'alias', { fqdn: 'a.acme.org', type: 'CNAME', records: ['proxy.example.com'] }),
        resource('aws_route53_record', 'address', { fqdn: 'b.acme.org', type: 'A', records: ['db.example.com'] }),
        resource('aws_route53_record', 'loop', { fqdn: 'd.acme.org', type: 'CNAME', records: ['e.acme.org'] }),
        resource('aws_route53_record', 'back', { fqdn: 'e.acme.org', type: 'CNAME', records: ['d.acme.org'] }),
        resource('aws_route53_record', 'self', { fqdn: 'f.acme.org', type: 'CNAME', records: ['f.acme.org'] }),
        resource('aws_route53_record', 'dangling', { fqdn: 'c.acme.org', type: 'CNAME', records: [] }),
      ],
    },
  },
});

describe('the endpoint with a name', () => {
  it.each([
    ['db.example.com', 'instance', 'db.example.com'],
    ['proxy.example.com', 'proxy', 'proxy.example.com'],
    ['a.acme.org', 'proxy', 'proxy.example.com'],
  ])('is found: %s is the %s %s', (name, kind, host) => {
    expect(targetAt(applied, name)).toMatchObject({ kind, host });
  });

  it.each(['b.acme.org', 'c.acme.org', 'unknown.example.com'])('is unknown: %s', (name) => {
    expect(targetAt(applied, name)).toBeUndefined();
  });

  it.each(['d.acme.org', 'f.acme.org'])('is unknown if its CNAMEs form a loop: %s', (name) => {
    expect(targetAt(applied, name)).toBeUndefined();
  });
});

describe('a proxy logs in by IAM', () => {
  const END_TO_END = { default_auth_scheme: 'IAM_AUTH', auth: [] };
  const ofUser = { secretArn: 'arn:user' };

  it.each<[what: string, proxy: object, user: object | undefined, expected: boolean]>([
    ['if that is its scheme', END_TO_END, undefined, true],
    ['not with a scheme of secrets', { ...END_TO_END, default_auth_scheme: 'NONE' }, undefined, false],
    ['not as a user whose secret it has', { ...END_TO_END, auth: [{ secret_arn: 'arn:user' }] }, ofUser, false],
    ['as a user whose secret it does not have', { ...END_TO_END, auth: [{ secret_arn: 'arn:other' }] }, ofUser, true],
  ])('%s', (_what, proxy, user, expected) => {
    const inputs = { applied, target: { kind: 'proxy', proxy }, login: { user } } as unknown as ConditionInputs;
    expect(proxyLogsInByIam(inputs)).toBe(expected);
  });

  it('never at the instance, which checks tokens itself', () => {
    const instance = targetAt(applied, 'db.example.com');
    const inputs = { applied, target: instance, login: {} } as unknown as ConditionInputs;
    expect(proxyLogsInByIam(inputs)).toBe(false);
    expect(iamInstanceOf(inputs)).toMatchObject({ identifier: 'database' });
  });
});
