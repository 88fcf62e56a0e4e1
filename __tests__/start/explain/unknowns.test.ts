import { appliedOf } from '../../../local/__tests__/support';
import type { ConditionInputs } from '../../../start/explain/condition-inputs';
import { unknowns } from '../../../start/explain/unknowns';

const arn = (id: string): string => `arn:aws:rds:eu-central-1:123456789012:${id}`;

const HOST = 'db.c0ffee.eu-central-1.rds.amazonaws.com';
const FUNCTION = { kind: 'function', name: 'func2', layers: [] };

const instance = { kind: 'instance', host: HOST, instance: { arn: arn('db:database'), resource_id: 'db-1' } };
const proxy = { kind: 'proxy', host: HOST, proxy: { arn: arn('db-proxy:prx-1'), name: 'iam-proxy', auth: [] } };
const endToEnd = { ...proxy, proxy: { ...proxy.proxy, default_auth_scheme: 'IAM_AUTH' } };

/** Returns what is unknown about the login of the user `items`, in a state with resources of these types. */
function unknownAbout(login: object, target: object | undefined = instance, types: readonly string[] = []): string[] {
  const resource = { arn: 'arn:layer', code_sha256: 'hash', filename: null };
  const applied = appliedOf(Object.fromEntries(types.map((type) => [type, [resource]])));
  const defaults = { client: FUNCTION, userName: 'items', host: HOST, port: 3306 };
  return unknowns({
    applied,
    target,
    login: { ...defaults, ...login },
    zipOf: () => undefined,
  } as unknown as ConditionInputs);
}

const UNKNOWN_SECRET = 'whether the secret holds username and password, and the password is the one in the database';
const UNKNOWN_OF_EVERY_LOGIN = [
  `whether ${HOST} is available, and what DNS answers for it`,
  'what managed policies and service control policies allow or deny, because they are not evaluated here',
  "whether the user 'items' was changed in the database by hand",
];

describe('the conditions that an explanation lists as not checked', () => {
  it('always include whether the endpoint is available, what managed policies allow, and whether the user is unchanged', () => {
    expect(unknownAbout({ credential: 'password' }, undefined)).toEqual(UNKNOWN_OF_EVERY_LOGIN);
    expect(unknownAbout({ credential: 'token' })).toEqual(expect.arrayContaining(UNKNOWN_OF_EVERY_LOGIN));
  });

  it('include, for a token, how old it is and whether changes of IAM have propagated', () => {
    expect(unknownAbout({ credential: 'token' }).filter((line) => !UNKNOWN_OF_EVERY_LOGIN.includes(line))).toEqual([
      'whether a change of IAM has propagated, which takes seconds, sometimes a minute',
      'whether the token is younger than 15 minutes when it is used',
    ]);
  });

  it.each([
    ['a function that reads a secret', { credential: 'password', secretArn: 'arn:secret' }, instance],
    ['a proxy that logs in with a secret', { credential: 'token' }, proxy],
  ])('include, for %s, whether the secret has the right content', (_what, login, target) => {
    expect(unknownAbout(login, target)).toContain(UNKNOWN_SECRET);
  });

  it.each([
    ['a proxy that logs in by IAM', endToEnd],
    ['a login by IAM to the instance', instance],
  ])('include nothing about secrets for %s', (_what, target) => {
    expect(unknownAbout({ credential: 'token' }, target)).not.toContain(UNKNOWN_SECRET);
  });

  it('include, for a proxy, the health of its target', () => {
    expect(unknownAbout({ credential: 'token' }, proxy)).toContain(
      'the health of the proxy’s target: aws rds describe-db-proxy-targets --db-proxy-name iam-proxy',
    );
  });

  it('include, for a person, whether their IAM policies allow the login', () => {
    expect(unknownAbout({ credential: 'token', client: { ...FUNCTION, kind: 'person' } })).toContain(
      'whether the person’s IAM policies allow rds-db:connect on arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-1/items',
    );
  });

  it('include, for the client host, whether it still has its certificate authorities', () => {
    expect(unknownAbout({ credential: 'token', client: { ...FUNCTION, kind: 'host' } })).toContain(
      'whether the host still has the certificate authorities that its user data wrote',
    );
  });

  it('include, for a layer whose zip this machine lacks, whether it has the right certificate authorities', () => {
    const login = { credential: 'token', caFile: '/opt/certs/rds.pem', client: { ...FUNCTION, layers: ['arn:layer'] } };
    expect(unknownAbout(login, instance, ['aws_lambda_layer_version'])[0]).toMatch(
      /^whether \/opt\/certs\/rds\.pem holds the right certificate authorities: this machine lacks the layer's zip/,
    );
  });

  it.each(['aws_network_acl', 'aws_network_acl_rule', 'aws_default_network_acl'])(
    'include what network ACLs allow if the state has a resource of the type %s',
    (type) => {
      expect(unknownAbout({ credential: 'token' }, instance, [type])).toContain(
        'what the network ACLs of the VPC allow, because they are not evaluated here',
      );
    },
  );
});
