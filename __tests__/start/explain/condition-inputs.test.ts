import { appliedOf } from '../../../local/__tests__/support';
import {
  iamInstanceOf,
  proxyLogsInByIam,
  targetAt,
  type ConditionInputs,
} from '../../../start/explain/condition-inputs';

const applied = appliedOf({
  aws_db_instance: [{ address: 'db.example.com', identifier: 'database' }],
  aws_db_proxy: [{ endpoint: 'proxy.example.com', name: 'proxy' }],
  aws_route53_record: [
    { fqdn: 'alias.acme.org', type: 'CNAME', records: ['proxy.example.com'] },
    { fqdn: 'address.acme.org', type: 'A', records: ['db.example.com'] },
    { fqdn: 'there.acme.org', type: 'CNAME', records: ['back.acme.org'] },
    { fqdn: 'back.acme.org', type: 'CNAME', records: ['there.acme.org'] },
    { fqdn: 'dangling.acme.org', type: 'CNAME', records: [] },
  ],
});

describe('the endpoint that a host name leads to', () => {
  it.each([
    ['db.example.com', 'instance', 'db.example.com'],
    ['proxy.example.com', 'proxy', 'proxy.example.com'],
    ['alias.acme.org', 'proxy', 'proxy.example.com'],
  ])('is found: %s is the %s %s', (name, kind, host) => {
    expect(targetAt(applied, name)).toMatchObject({ kind, host });
  });

  it.each([
    ['an A record', 'address.acme.org'],
    ['a CNAME to nothing', 'dangling.acme.org'],
    ['a loop of CNAMEs', 'there.acme.org'],
    ['no resource', 'unknown.example.com'],
  ])('is unknown if the host name belongs to %s: %s', (_what, name) => {
    expect(targetAt(applied, name)).toBeUndefined();
  });
});

describe('a proxy', () => {
  const END_TO_END = { default_auth_scheme: 'IAM_AUTH', auth: [] };
  const USER = { secretArn: 'arn:user' };

  it.each<[what: string, expected: boolean, proxy: object, user: object | undefined]>([
    ['logs in by IAM with the scheme IAM_AUTH', true, END_TO_END, undefined],
    ['does not log in by IAM with the scheme NONE', false, { ...END_TO_END, default_auth_scheme: 'NONE' }, undefined],
    [
      'does not log in by IAM as a user whose secret it has',
      false,
      { ...END_TO_END, auth: [{ secret_arn: 'arn:user' }] },
      USER,
    ],
    [
      'logs in by IAM as a user whose secret it does not have',
      true,
      { ...END_TO_END, auth: [{ secret_arn: 'arn:other' }] },
      USER,
    ],
  ])('%s', (_what, expected, proxy, user) => {
    const inputs = { applied, target: { kind: 'proxy', proxy }, login: { user } } as unknown as ConditionInputs;
    expect(proxyLogsInByIam(inputs)).toBe(expected);
  });
});

describe('a login to the instance', () => {
  it('goes through no proxy, and the instance itself checks the token', () => {
    const target = targetAt(applied, 'db.example.com');
    const inputs = { applied, target, login: {} } as unknown as ConditionInputs;
    expect(proxyLogsInByIam(inputs)).toBe(false);
    expect(iamInstanceOf(inputs)).toMatchObject({ identifier: 'database' });
  });
});
