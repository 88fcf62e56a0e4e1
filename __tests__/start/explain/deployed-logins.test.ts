import { appliedOf, type Resources } from '../../../local/__tests__/support';
import { loginsOf } from '../../../start/explain/deployed-logins';

const DATABASE = {
  identifier: 'shop-dev',
  arn: 'arn:aws:rds:eu-central-1:123456789012:db:shop-dev',
  address: 'db.test',
  port: 3306,
  username: 'admin',
  master_user_secret: [{ secret_arn: 'arn:admin' }],
};

const USERS = [
  { name: 'items', login: 'iam', host: '%', grants: [] },
  { name: 'analyst', login: 'iam', host: '%', grants: [] },
  { name: 'timestamps', login: 'password', host: '%', grants: [], secretArn: 'arn:timestamps' },
];

const ENDPOINT = { DB_HOST: 'db.test', DB_PORT: '3306', DB_CA_FILE: '/opt/certs/rds.pem' };

const functionWith = (variables: Record<string, string> | undefined, name = 'shop-dev-items'): Resources => ({
  aws_lambda_function: [
    {
      function_name: name,
      arn: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
      role: 'arn:role',
      layers: null,
      vpc_config: [],
      environment: variables === undefined ? [] : [{ variables }],
    },
  ],
});

/** Returns the logins of a deployment with {@link DATABASE}, {@link USERS} and these resources. */
const logins = (resources: Resources) =>
  loginsOf(
    appliedOf({
      aws_db_instance: [DATABASE],
      aws_lambda_invocation: [{ input: JSON.stringify({ users: USERS }), result: null }],
      ...resources,
    }),
  );

/** Returns the logins of a function with these environment variables. */
const loginsWith = (variables: Record<string, string> | undefined) =>
  logins(functionWith(variables)).filter(({ client }) => client.kind === 'function');

describe('the logins of a function', () => {
  it('need an endpoint and a user', () => {
    expect(loginsWith(undefined)).toEqual([]);
    expect(loginsWith({ DB_USER: 'items' })).toEqual([]);
    expect(loginsWith(ENDPOINT)).toEqual([]);
  });

  it('use a token and the user in DB_USER, if it is set', () => {
    expect(loginsWith({ ...ENDPOINT, DB_USER: 'items' })).toMatchObject([
      {
        credential: 'token',
        userName: 'items',
        user: { name: 'items' },
        host: 'db.test',
        port: 3306,
        caFile: '/opt/certs/rds.pem',
        client: { kind: 'function', name: 'the function shop-dev-items', region: 'eu-central-1', layers: [] },
      },
    ]);
  });

  it('leave `user` undefined if DB_USER names an undeclared user', () => {
    expect(loginsWith({ ...ENDPOINT, DB_USER: 'nobody' })).toMatchObject([{ userName: 'nobody', user: undefined }]);
  });

  it.each([
    ['arn:timestamps', 'timestamps'],
    ['arn:admin', 'admin'],
    ['arn:of:another', '(unknown)'],
  ])('use the password in the secret %s, and its user %s', (secretArn, userName) => {
    expect(loginsWith({ ...ENDPOINT, DB_SECRET_ARN: secretArn })).toMatchObject([
      { credential: 'password', userName, secretArn },
    ]);
  });

  it('have the name of the function without the prefix of the environment', () => {
    const variables = { ...ENDPOINT, DB_USER: 'items' };
    const clients = ['shop-dev-items', 'other-items'].map((name) => logins(functionWith(variables, name))[0]?.client);
    expect(clients.map((client) => client?.functionName)).toEqual(['items', 'other-items']);
  });
});

describe('the logins of /auth-matrix', () => {
  /** Returns a login of the matrix over TLS, with its expected outcome: `o` connects, `x` is refused. */
  const expectedLogin = (login: string, target: string, expected = 'o') => ({ login, target, expected, tls: true });

  /** Returns credential, user, host, CA file and the variable of the CA file for each login of a matrix. */
  const matrixLogins = (rows: object[], expectedLogins: object[]) =>
    loginsWith({
      ...ENDPOINT,
      DB_USER: 'items',
      DB_SECRET_ARN: 'arn:timestamps',
      IAM_PROXY_HOST: 'iam.test',
      IAM_PROXY_PORT: '3306',
      PASSWORD_PROXY_HOST: 'password.test',
      PASSWORD_PROXY_PORT: '3306',
      PROXY_CA_FILE: '/opt/certs/amazon-roots.pem',
      AUTH_MATRIX: JSON.stringify({ settings: { rows }, logins: expectedLogins }),
    }).map(({ credential, userName, host, caFile, variables }) => [
      credential,
      userName,
      host,
      caFile,
      variables?.caFile,
    ]);

  it('include only logins over TLS with the expected outcome o', () => {
    const expectedLogins = [
      expectedLogin('password', 'instance'),
      expectedLogin('iam', 'instance'),
      expectedLogin('iam', 'instance', 'x'),
      { ...expectedLogin('password', 'instance'), tls: false },
      expectedLogin('password', 'password-proxy'),
      expectedLogin('password', 'iam-proxy', 'x'),
    ];
    expect(matrixLogins([], expectedLogins)).toEqual([
      ['password', 'timestamps', 'db.test', '/opt/certs/rds.pem', 'DB_CA_FILE'],
      ['token', 'items', 'db.test', '/opt/certs/rds.pem', 'DB_CA_FILE'],
      ['password', 'timestamps', 'password.test', '/opt/certs/amazon-roots.pem', 'PROXY_CA_FILE'],
    ]);
  });

  it.each([
    ['the user of the secret, if the proxy logs in by password', 'secret', 'timestamps'],
    ['the IAM user, if the proxy logs in by IAM', 'iam', 'items'],
  ])('to the IAM proxy use %s', (_what, upstream, userName) => {
    expect(matrixLogins([{ proxy: 'iam-proxy', upstream }], [expectedLogin('iam', 'iam-proxy')])).toEqual([
      ['token', userName, 'iam.test', '/opt/certs/amazon-roots.pem', 'PROXY_CA_FILE'],
    ]);
  });
});

describe('the logins of people', () => {
  const functionAsItems = functionWith({ ...ENDPOINT, DB_USER: 'items' });
  const clientHost: Resources = {
    aws_instance: [{ iam_instance_profile: 'profile' }],
    aws_iam_instance_profile: [{ name: 'profile', role: 'client' }],
    aws_iam_role: [{ name: 'client', arn: 'arn:client' }],
  };

  it('use a token; each IAM user that no function uses has one login', () => {
    const loginsOfPeople = (resources: Resources) =>
      logins(resources)
        .filter(({ client }) => client.kind !== 'function')
        .map(({ userName, credential, host }) => [userName, credential, host]);
    expect(loginsOfPeople({})).toEqual([
      ['items', 'token', 'db.test'],
      ['analyst', 'token', 'db.test'],
    ]);
    expect(loginsOfPeople(functionAsItems)).toEqual([['analyst', 'token', 'db.test']]);
  });

  it('come from the client host with its role; without a client host, from a person without a role', () => {
    expect(logins({ ...functionAsItems, ...clientHost })[1]?.client).toMatchObject({
      kind: 'host',
      role: 'arn:client',
      region: 'eu-central-1',
    });
    expect(logins(functionAsItems)[1]?.client).toMatchObject({ kind: 'person', role: undefined });
  });
});
