import type { Environment } from '../../modules/settings/settings';
import { policiesAllow } from '../support/iam';
import { ADDED_USER_NAMES } from '../support/shipped-routes';
import { allFeatures, production, noFeatures, synthesise } from '../support/stack';

const ACCOUNT = '123456789012';
const HOST = 'db.example.com';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1';

/** Stands in for the parts of any ARN. The tested outputs use only its partition, region and account. */
const ARN_PARTS = ['arn', 'aws', 'rds', 'eu-central-1', ACCOUNT];

/** Returns the text outputs of an environment, with values for the expressions that login commands and policies contain. */
function outputsOf(environment: Environment): Record<string, string> {
  const outputs = synthesise(environment).json['output'] as Record<string, { value: unknown }>;
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, fillIn(value)] as const] : [],
    ),
  );
}

const fillIn = (text: string): string =>
  text
    .replace(
      /(?<!\$)\$\{element\(split\(":", aws_[\w.-]+\), (\d)\)\}/g,
      (_, part: string) => ARN_PARTS[Number(part)] ?? '',
    )
    .replace(/(?<!\$)\$\{aws_db_instance[\w.]+\.address\}/g, HOST)
    .replace(/(?<!\$)\$\{aws_db_instance[\w.]+\.resource_id\}/g, 'db-ID')
    .replace(/(?<!\$)\$\{aws_db_instance[\w.[\]]+\.secret_arn\}/g, SECRET)
    .replace(/(?<!\$)\$\{aws_instance[\w.]+\.id\}/g, 'i-1')
    .replace(/(?<!\$)\$\{aws_instance[\w.]+\.arn\}/g, `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`)
    .replaceAll('$${', '${');

/** Returns the names of the outputs that start with a prefix. Omits outputs for database users of added routes. */
const namesOf = (outputs: Readonly<Record<string, string>>, prefix: string): string[] =>
  Object.keys(outputs)
    .filter((name) => name.startsWith(prefix) && !ADDED_USER_NAMES.some((user) => name.endsWith(`_${user}`)))
    .sort();

const outputsOfEverything = outputsOf(allFeatures);

const privateWithHost: Environment = {
  ...allFeatures,
  database: { instanceClass: 'db.t4g.small', users: { clients: [{ name: 'analyst' }] } },
  publicApi: { enabled: false },
};
const publicWithoutHost: Environment = {
  ...allFeatures,
  client: { enabled: false },
  database: { ...allFeatures.database, users: {} },
};

describe('login commands', () => {
  it('exist for logins over the internet and through the tunnel, if the settings allow both', () => {
    // matrix_iam may log in from the VPC only.
    expect(namesOf(outputsOfEverything, 'login_')).toEqual([
      'login_admin',
      'login_analyst',
      'login_items',
      'login_users_reader',
    ]);
    expect(namesOf(outputsOfEverything, 'tunnel_login_')).toEqual(
      ['admin', 'analyst', 'items', 'matrix_iam', 'users_reader'].map((user) => `tunnel_login_${user}`),
    );
  });

  it('exist only for the tunnel if the instance is private', () => {
    const outputs = outputsOf(privateWithHost);
    expect(namesOf(outputs, 'login_')).toEqual([]);
    expect(namesOf(outputs, 'tunnel_login_')).toEqual(
      ['admin', 'analyst', 'items', 'matrix_iam'].map((user) => `tunnel_login_${user}`),
    );
  });

  it('exist only for logins over the internet if there is no client host', () => {
    const outputs = outputsOf(publicWithoutHost);
    expect(namesOf(outputs, 'login_')).toEqual(['login_admin', 'login_items', 'login_users_reader']);
    expect(namesOf(outputs, 'tunnel')).toEqual([]);
    expect(namesOf(outputs, 'client_session')).toEqual([]);
  });

  it.each([
    ['a private instance without a client host', production],
    ['a private instance without a client host and without IAM', noFeatures],
  ])('do not exist for %s', (_, environment) => {
    const names = Object.keys(outputsOf(environment));
    expect(names.filter((name) => /login|tunnel|session|_ca$/.test(name))).toEqual([]);
  });

  it.each([
    ['login_items', 'app'],
    ['tunnel_login_users_reader', 'mysql'],
  ])('start in a database on which the user has a privilege: %s in %s', (name, database) => {
    expect(outputsOfEverything[name]).toMatch(new RegExp(` --ssl-ca ~/\\.rds-eu-central-1\\.pem ${database}$`));
  });

  it.each(['login_admin', 'tunnel_login_matrix_iam'])('start in no database: %s', (name) => {
    expect(outputsOfEverything[name]).toMatch(/ --ssl-ca ~\/\.rds-eu-central-1\.pem$/);
  });

  it('enable clear text for tokens, but not for passwords', () => {
    const sendingTokens = Object.entries(outputsOfEverything).flatMap(([name, line]) =>
      /--enable-cleartext-plugin/.test(line) ? [name] : [],
    );
    const loginsByIam = Object.keys(outputsOfEverything).filter(
      (name) => /^(tunnel_)?login_/.test(name) && !name.endsWith('_admin'),
    );
    expect(sendingTokens.sort()).toEqual(loginsByIam.sort());
  });

  it('are the same wherever synth runs: they contain no path of the project', () => {
    expect(JSON.stringify(outputsOfEverything)).not.toMatch(/certs\/|"\/|=\//);
  });
});

describe('policies for people', () => {
  // With this condition key, Systems Manager also checks the permission for the session document.
  const context = { 'ssm:SessionDocumentAccessCheck': 'true' };
  const may = (output: string, action: string, resource: string): boolean =>
    policiesAllow([outputsOfEverything[output] ?? ''], { action, resource, context });
  const userArn = (name: string, id = 'db-ID') => `arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:${id}/${name}`;

  it('exist for every user that logs in by IAM', () => {
    expect(namesOf(outputsOfEverything, 'connect_policy_')).toEqual(
      ['analyst', 'items', 'matrix_iam', 'users_reader'].map((name) => `connect_policy_${name}`),
    );
    expect(namesOf(outputsOf(production), 'connect_policy_')).toEqual([
      'connect_policy_items',
      'connect_policy_matrix_iam',
    ]);
    expect(namesOf(outputsOf(noFeatures), 'connect_policy_')).toEqual([]);
  });

  it('allow a login as one user at the instance', () => {
    expect(may('connect_policy_analyst', 'rds-db:connect', userArn('analyst'))).toBe(true);
    expect(may('connect_policy_analyst', 'rds-db:connect', userArn('items'))).toBe(false);
    expect(may('connect_policy_analyst', 'rds-db:connect', userArn('analyst', 'db-OTHER'))).toBe(false);
  });

  const host = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`;
  const shell = `arn:aws:ssm:eu-central-1:${ACCOUNT}:document/SSM-SessionManagerRunShell`;
  const forwarding = 'arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSessionToRemoteHost';

  it.each([
    ['tunnel_policy', [host, forwarding], [shell, host.replace('i-1', 'i-2')]],
    ['client_session_policy', [host, shell], [forwarding, host.replace('i-1', 'i-2')]],
  ])('allow sessions with one document only, and only on the client host: %s', (output, allowed, denied) => {
    for (const resource of allowed)
      expect([resource, may(output, 'ssm:StartSession', resource)]).toEqual([resource, true]);
    for (const resource of denied)
      expect([resource, may(output, 'ssm:StartSession', resource)]).toEqual([resource, false]);
  });
});

describe('the output `deployed`, for npm run verify,', () => {
  const deployedIn = (environment: Environment): unknown =>
    (synthesise(environment).json['output'] as Record<string, { value: unknown }>)['deployed']?.value;

  it.each([
    ['alarms.email is set', production, 2, true],
    ['alarms.email is not set', allFeatures, 2, false],
    ['there are no alarms', noFeatures, 0, false],
  ])(
    'lists the alarm topics, and says whether alarms go to an e-mail address: %s',
    (_, environment, topicCount, byEmail) => {
      expect(deployedIn(environment)).toMatchObject({
        alarm_topics: Array(topicCount).fill(expect.stringMatching(/^\$\{aws_sns_topic\..+\.arn\}$/)),
        alarms_by_email: byEmail,
      });
    },
  );
});
