import { ACCOUNT, isAllowed } from '../../support/iam';
import { belongsToAddedRoute } from '../../support/shipped-routes';
import { endToEndIam, allFeatures, production, noFeatures, synthesise } from '../../support/stack';
import type { SynthesisedStack } from '../../support/synthesised-stack';
import type { Environment } from '../../../modules/settings/settings';

interface User {
  readonly name: string;
  readonly login: string;
  readonly host: string;
}

const usersOf = (stack: SynthesisedStack): readonly User[] => {
  const { input } = stack.one('aws_lambda_invocation', 'bootstrap') as { input: string };
  return (JSON.parse(input) as { users: User[] }).users;
};

const variablesOf = (stack: SynthesisedStack, route: string): Record<string, string> => {
  const { environment } = stack.one('aws_lambda_function', route) as {
    environment: { variables: Record<string, string> };
  };
  return environment.variables;
};

const providerVersionOf = ({ json }: SynthesisedStack): unknown =>
  (json['terraform'] as { required_providers: { aws: { version: string } } }).required_providers.aws.version;

const connectAs = (resourceId: string, user: string): [action: string, resource: string] => [
  'rds-db:connect',
  `arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:${resourceId}/${user}`,
];

const stack = synthesise(endToEndIam);
const backToSecret = synthesise({ ...allFeatures, proxies: { iam: { upstream: 'secret' } } });

describe('an IAM proxy that logs in to the instance by IAM', () => {
  const proxy = stack.one('aws_db_proxy', 'iam') as Record<string, unknown>;

  it('has the scheme IAM_AUTH, requires TLS, and has no secret', () => {
    expect(proxy).toMatchObject({ default_auth_scheme: 'IAM_AUTH', require_tls: true });
    expect(proxy).not.toHaveProperty('auth');
  });

  it('waits for the bootstrap, which creates the users, and for the policies that let the proxy log in as these users', () => {
    expect(proxy['depends_on']).toEqual(
      expect.arrayContaining([
        stack.addressOf('aws_lambda_invocation', 'bootstrap'),
        stack.addressOf('aws_iam_role_policy', 'iam-proxy_role_ConnectAs-timestamps_iam'),
        stack.addressOf('aws_iam_role_policy', 'iam-proxy_role_ConnectAs-matrix_iam'),
      ]),
    );
  });

  const mayLogIn = (user: string) => ({
    toInstance: isAllowed(stack, 'iam-proxy', ...connectAs('db-INSTANCE', user)),
    toItself: isAllowed(stack, 'iam-proxy', ...connectAs('prx-iam', user)),
  });

  it.each(['timestamps_iam', 'matrix_iam'])(
    'may log in as %s to the instance, but not to an endpoint of its own',
    (user) => {
      expect(mayLogIn(user)).toEqual({ toInstance: true, toItself: false });
    },
  );

  it.each(['timestamps', 'items', 'admin'])('may not log in as %s', (user) => {
    expect(mayLogIn(user)).toEqual({ toInstance: false, toItself: false });
  });

  it.each(['timestamps', 'matrix', 'rds!db-master'])('may not read the secret %s', (secret) => {
    const arn = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${secret}`;
    expect(isAllowed(stack, 'iam-proxy', 'secretsmanager:GetSecretValue', arn)).toBe(false);
    // Shows that the ARNs of the users' secrets are correct: the password proxy may read these secrets.
    expect(isAllowed(stack, 'password-proxy', 'secretsmanager:GetSecretValue', arn)).toBe(!secret.startsWith('rds!'));
  });
});

describe('the user of /func2 at a proxy that logs in by IAM', () => {
  it('logs in by IAM, from the same hosts and with the same grants as the user of /func1', () => {
    const [passwordUser, iamUser] = ['timestamps', 'timestamps_iam'].map((name) =>
      usersOf(stack).find((user) => user.name === name),
    );
    expect(iamUser).toEqual({ ...passwordUser, name: 'timestamps_iam', login: 'iam', secretArn: undefined });
    expect(iamUser).not.toHaveProperty('secretArn');
  });

  it("replaces the user 'timestamps' in the function, the login check and their roles", () => {
    expect(variablesOf(stack, 'func2')).toMatchObject({ DB_USER: 'timestamps_iam' });
    for (const role of ['functions_func2', 'login-check']) {
      expect(isAllowed(stack, role, ...connectAs('prx-iam', 'timestamps_iam'))).toBe(true);
      expect(isAllowed(stack, role, ...connectAs('prx-iam', 'timestamps'))).toBe(false);
    }
    const { input } = stack.one('aws_lambda_invocation', 'login-check') as { input: string };
    expect((JSON.parse(input) as { logins: object[] }).logins).toContainEqual(
      expect.objectContaining({ route: 'GET /func2', by: 'iam', user: 'timestamps_iam' }),
    );
  });

  it('needs no secret: the environment has the same secrets as without end-to-end IAM', () => {
    // Ignores added routes: a user of such a route may need a secret only without end-to-end IAM.
    const secretsIn = (synthesised: typeof stack): string[] =>
      Object.keys(synthesised.all('aws_secretsmanager_secret')).filter((name) => !belongsToAddedRoute(name));
    expect(secretsIn(stack)).toEqual(secretsIn(synthesise(allFeatures)));
  });

  it("exists without the user 'timestamps' if the password proxy is off", () => {
    const proxies = { password: { enabled: false }, iam: { upstream: 'iam' } } as const;
    const names = usersOf(synthesise({ ...allFeatures, proxies })).map(({ name }) => name);
    expect(names).toContain('timestamps_iam');
    expect(names).not.toContain('timestamps');
  });
});

describe('/auth-matrix with a proxy that logs in by IAM', () => {
  it('expects row 12 of the matrix, and may log in through the proxy as matrix_iam, not as matrix_password', () => {
    const { settings } = JSON.parse(variablesOf(stack, 'auth-matrix')['AUTH_MATRIX'] ?? '') as {
      settings: { rows: object[] };
    };
    expect(settings.rows).toContainEqual({
      row: 12,
      proxy: 'iam-proxy',
      requireTls: true,
      iamAuth: 'REQUIRED',
      upstream: 'iam',
    });
    expect(isAllowed(stack, 'functions_auth-matrix', ...connectAs('prx-iam', 'matrix_iam'))).toBe(true);
    expect(isAllowed(stack, 'functions_auth-matrix', ...connectAs('prx-iam', 'matrix_password'))).toBe(false);
  });
});

describe('an IAM proxy that goes back to its secrets', () => {
  it('sets the scheme NONE explicitly, because RDS otherwise keeps IAM_AUTH', () => {
    const proxy = backToSecret.one('aws_db_proxy', 'iam') as Record<string, unknown>;
    expect(proxy['default_auth_scheme']).toBe('NONE');
    expect(proxy['auth']).toContainEqual(expect.objectContaining({ iam_auth: 'REQUIRED' }));
    expect(proxy['depends_on']).toContain(backToSecret.addressOf('aws_lambda_invocation', 'bootstrap'));
    expect(providerVersionOf(backToSecret)).toBe('~> 6.15');
  });

  it('leaves the stack as if proxies.iam.upstream had never been set, except for the scheme, the wait for the bootstrap and the provider version', () => {
    const json = structuredClone(backToSecret.json) as Record<string, Record<string, Record<string, any>>>;
    const proxies = Object.values(json['resource']?.['aws_db_proxy'] ?? {}) as Record<string, unknown>[];
    for (const proxy of proxies) {
      delete proxy['default_auth_scheme'];
      proxy['depends_on'] = (proxy['depends_on'] as string[]).filter((address) => !address.includes('_invocation'));
    }
    (json['terraform']?.['required_providers']?.['aws'] as { version: string }).version = '~> 5.100.0';
    expect(json).toEqual(synthesise(allFeatures).json);
  });
});

describe('an environment that does not set proxies.iam.upstream', () => {
  it.each<[what: string, environment: Environment]>([
    ['the other features on', allFeatures],
    ['all features off', noFeatures],
    ['production', production],
  ])('contains nothing of end-to-end IAM: %s', (_what, environment) => {
    const { text } = synthesise(environment);
    expect(text).not.toMatch(/default_auth_scheme|IAM_AUTH|upstream|timestamps_iam|6\.15/);
    expect(text).toContain('~> 5.100.0');
  });
});

describe('an environment without an IAM proxy', () => {
  it.each(['secret', 'iam'] as const)(
    'needs a newer AWS provider if it sets proxies.iam.upstream to %s; the rest of its stack stays the same',
    (upstream) => {
      const withoutUpstream = { ...allFeatures, proxies: { iam: { enabled: false } } };
      const withUpstream = { ...allFeatures, proxies: { iam: { enabled: false, upstream } } };
      const { text } = synthesise(withUpstream);
      expect(text).toContain('~> 6.15');
      expect(text.replace('~> 6.15', '~> 5.100.0')).toBe(synthesise(withoutUpstream).text);
    },
  );
});
