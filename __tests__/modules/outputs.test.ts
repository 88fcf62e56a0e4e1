import type { Environment } from '../../modules/settings/settings';
import { allow } from '../support/iam';
import { ADDED_USER_NAMES } from '../support/named-routes';
import { everything, guarded, nothing, synthesise } from '../support/stack';

const ACCOUNT = '123456789012';
const HOST = 'db.example.com';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1';

/** Returns the text outputs of an environment, with Terraform's expressions replaced. */
function outputsOf(environment: Environment): Record<string, string> {
  const outputs = synthesise(environment).json['output'] as Record<string, { value: unknown }>;
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, filledIn(value)] as const] : [],
    ),
  );
}

const filledIn = (text: string): string =>
  text
    .replace(/(?<!\$)\$\{element\(split\(":", aws_[\w.-]+\), (\d)\)\}/g, (_, part: string) => ARN[Number(part)] ?? '')
    .replace(/(?<!\$)\$\{aws_db_instance[\w.]+\.address\}/g, HOST)
    .replace(/(?<!\$)\$\{aws_db_instance[\w.]+\.resource_id\}/g, 'db-ID')
    .replace(/(?<!\$)\$\{aws_db_instance[\w.[\]]+\.secret_arn\}/g, SECRET)
    .replace(/(?<!\$)\$\{aws_instance[\w.]+\.id\}/g, 'i-1')
    .replace(/(?<!\$)\$\{aws_instance[\w.]+\.arn\}/g, `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`)
    .replaceAll('$${', '${');
const ARN = ['arn', 'aws', 'rds', 'eu-central-1', ACCOUNT];

/** Returns the names of the outputs that start with a prefix, without those of users of added routes. */
const linesOf = (outputs: Readonly<Record<string, string>>, prefix: string): string[] =>
  Object.keys(outputs)
    .filter((name) => name.startsWith(prefix) && !ADDED_USER_NAMES.some((user) => name.endsWith(`_${user}`)))
    .sort();

const all = outputsOf(everything);

const privateWithHost: Environment = {
  ...everything,
  database: { users: { clients: [{ name: 'analyst' }] } },
  publicApi: { enabled: false },
};
const publicWithoutHost: Environment = {
  ...everything,
  client: { enabled: false },
  database: { ...everything.database, users: {} },
};

describe('login lines', () => {
  it('exist for the internet and for the tunnel if there are both', () => {
    // matrix_iam may log in from the VPC only.
    expect(linesOf(all, 'login_')).toEqual(['login_admin', 'login_analyst', 'login_items', 'login_users_reader']);
    expect(linesOf(all, 'tunnel_login_')).toEqual(
      ['admin', 'analyst', 'items', 'matrix_iam', 'users_reader'].map((user) => `tunnel_login_${user}`),
    );
  });

  it('exist only for the tunnel if the instance is private', () => {
    const outputs = outputsOf(privateWithHost);
    expect(linesOf(outputs, 'login_')).toEqual([]);
    expect(linesOf(outputs, 'tunnel_login_')).toEqual(
      ['admin', 'analyst', 'items', 'matrix_iam'].map((user) => `tunnel_login_${user}`),
    );
  });

  it('exist only for direct logins if there is no client host', () => {
    const outputs = outputsOf(publicWithoutHost);
    expect(linesOf(outputs, 'login_')).toEqual(['login_admin', 'login_items', 'login_users_reader']);
    expect(linesOf(outputs, 'tunnel')).toEqual([]);
    expect(linesOf(outputs, 'client_session')).toEqual([]);
  });

  it.each([
    ['a private instance without a client host', guarded],
    ['a private instance without IAM', nothing],
  ])('do not exist for %s', (_, environment) => {
    const names = Object.keys(outputsOf(environment));
    expect(names.filter((name) => /login|tunnel|session|_ca$/.test(name))).toEqual([]);
  });

  it.each([
    ['login_items', 'app'],
    ['login_analyst', 'app'],
    ['login_users_reader', 'mysql'],
    ['tunnel_login_users_reader', 'mysql'],
  ])('%s starts in %s, on which the user has a privilege', (name, database) => {
    expect(all[name]).toMatch(new RegExp(` --ssl-ca ~/\\.rds-eu-central-1\\.pem ${database}$`));
  });

  it.each(['login_admin', 'tunnel_login_matrix_iam'])('%s starts in no database', (name) => {
    expect(all[name]).toMatch(/ --ssl-ca ~\/\.rds-eu-central-1\.pem$/);
  });

  it('send a token in clear text, but no password', () => {
    const sending = Object.entries(all).flatMap(([name, line]) =>
      /--enable-cleartext-plugin/.test(line) ? [name] : [],
    );
    const lines = Object.keys(all).filter((name) => /^(tunnel_)?login_/.test(name) && !name.endsWith('_admin'));
    expect(sending.sort()).toEqual(lines.sort());
  });

  it('are the same on every machine: they contain no local path', () => {
    expect(JSON.stringify(all)).not.toMatch(/certs\/|"\/|=\//);
  });
});

describe('policies for people', () => {
  // Systems Manager checks the permission for the document.
  const context = { 'ssm:SessionDocumentAccessCheck': 'true' };
  const may = (output: string, action: string, resource: string): boolean =>
    allow([all[output] ?? ''], { action, resource, context });
  const user = (name: string, id = 'db-ID') => `arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:${id}/${name}`;

  it('exist for every user that logs in by IAM', () => {
    expect(linesOf(all, 'connect_policy_')).toEqual(
      ['analyst', 'items', 'matrix_iam', 'users_reader'].map((name) => `connect_policy_${name}`),
    );
    expect(linesOf(outputsOf(guarded), 'connect_policy_')).toEqual([
      'connect_policy_items',
      'connect_policy_matrix_iam',
    ]);
    expect(linesOf(outputsOf(nothing), 'connect_policy_')).toEqual([]);
  });

  it('allow a login as one user at the instance', () => {
    expect(may('connect_policy_analyst', 'rds-db:connect', user('analyst'))).toBe(true);
    expect(may('connect_policy_analyst', 'rds-db:connect', user('items'))).toBe(false);
    expect(may('connect_policy_analyst', 'rds-db:connect', user('analyst', 'db-OTHER'))).toBe(false);
  });

  const host = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`;
  const shell = `arn:aws:ssm:eu-central-1:${ACCOUNT}:document/SSM-SessionManagerRunShell`;
  const forwarding = 'arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSessionToRemoteHost';

  it.each([
    ['tunnel_policy', [host, forwarding], [shell, host.replace('i-1', 'i-2')]],
    ['client_session_policy', [host, shell], [forwarding, host.replace('i-1', 'i-2')]],
  ])('%s allows sessions of its document on the client host', (output, allowed, denied) => {
    for (const resource of allowed)
      expect([resource, may(output, 'ssm:StartSession', resource)]).toEqual([resource, true]);
    for (const resource of denied)
      expect([resource, may(output, 'ssm:StartSession', resource)]).toEqual([resource, false]);
  });
});

describe('the alarms to verify', () => {
  const deployedIn = (environment: Environment): unknown =>
    (synthesise(environment).json['output'] as Record<string, { value: unknown }>)['deployed']?.value;

  it.each([
    ['alarms.email is set', guarded, 2, true],
    ['alarms.email is not set', everything, 2, false],
    ['there are no alarms', nothing, 0, false],
  ])('include their topics, and whether they go to an e-mail address: %s', (_, environment, topics, byEmail) => {
    expect(deployedIn(environment)).toMatchObject({
      alarm_topics: Array(topics).fill(expect.stringMatching(/^\$\{aws_sns_topic\..+\.arn\}$/)),
      alarms_by_email: byEmail,
    });
  });
});
