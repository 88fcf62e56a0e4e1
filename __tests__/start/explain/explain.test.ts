import dev from '../../../environments/dev';
import prod from '../../../environments/prod';
import { Applied } from '../../../local';
import { explain, names } from '../../../start/explain/explain';
import { zip } from '../../../modules/compute/zip';
import type { Environment } from '../../../modules/settings/settings';
import {
  CERTIFICATE_MISTAKES,
  HTTP_MISTAKES,
  LOGIN_MISTAKES,
  NETWORK_MISTAKES,
} from '../../one-machine/end-to-end/mistakes';
import { unmetConditionLike, firstUnmetCondition } from '../../one-machine/support/unmet-condition';
import { explainer, variablesOf, type Mistake } from './explainer';
import { planDeployment } from './planned-state';
import { belongsToAddedRoute } from '../../support/shipped-routes';
import { allFeatures, noFeatures } from '../../support/stack';

const deployment = planDeployment(allFeatures);

const explained = explainer(deployment);

/** Returns the name of the function that a path invokes, without the prefix that names the environment. */
const functionAt = (path: string): string => (path === '/' ? 'users' : path.slice(1));

const FUNCTIONS = ['auth-matrix', 'bootstrap', 'func1', 'func2', 'items'];
const USERS = ['admin', 'items', 'matrix_iam', 'matrix_password', 'timestamps'];

describe('the explanation of a healthy deployment', () => {
  it.each<[string, Environment, functions: string[], users: string[]]>([
    ['with everything on', allFeatures, [...FUNCTIONS, 'rotation', 'users'], [...USERS, 'analyst', 'users_reader']],
    ['with everything off', noFeatures, ['bootstrap'], ['admin']],
    ['of environment dev', dev, [...FUNCTIONS, 'users'], [...USERS, 'analyst', 'users_reader']],
    ['of environment prod', prod, [...FUNCTIONS, 'rotation'], USERS],
    [
      'without a client host',
      { ...allFeatures, client: { enabled: false } },
      [...FUNCTIONS, 'rotation', 'users'],
      [...USERS, 'analyst', 'users_reader'],
    ],
  ])('%s finds every condition of each function and user satisfied', (_what, environment, functions, users) => {
    const { state, zipOf } = planDeployment(environment);
    const applied = new Applied(state);
    const known = names(applied);
    // A route that you add to the project must not fail this test.
    const withoutAddedRoutes = (all: readonly string[]): string[] =>
      all.filter((name) => !belongsToAddedRoute(name)).sort();
    expect(withoutAddedRoutes(known.functions)).toEqual([...functions].sort());
    expect(withoutAddedRoutes(known.users)).toEqual([...users].sort());
    for (const name of [...known.functions, ...known.users])
      expect(firstUnmetCondition(explain(applied, name, zipOf))).toBeUndefined();
  });

  it('names a resource in the state for every condition', () => {
    const addresses = new Set(deployment.state.values?.root_module.resources?.map(({ address }) => address));
    const { functions, users } = names(new Applied(deployment.state));
    for (const { sections } of [...functions, ...users].flatMap((name) => explained(name))) {
      for (const { where } of sections.flatMap(({ conditions }) => conditions)) {
        expect(where.length).toBeGreaterThan(0);
        expect(where.filter((address) => !addresses.has(address))).toEqual([]);
      }
    }
  });

  it('groups the conditions of func2 into sections, in the order in which its login needs them', () => {
    const [{ title, sections } = { title: '', sections: [] }] = explained('func2');
    expect(title).toMatch(/^the function \S+-func2 logs in to \S+-iam\.\S+:3306 as 'timestamps', by IAM$/);
    expect(sections.map((section) => [section.title, section.conditions.length])).toEqual([
      ['Role', 1],
      ['Network', 3],
      ['TLS', 3],
      ['Token', 2],
      ['Proxy', 9],
      ['Database', 4],
    ]);
  });

  it('shows the statement that allows func2’s login, with the proxy’s id', () => {
    const [explanation] = explained('func2');
    expect(explanation?.sections.find(({ title }) => title === 'Token')?.conditions[1]).toEqual({
      needs: "the function login-matrix-test-func2 may log in as 'timestamps'",
      holds: true,
      found:
        'the identity-based policy ConnectTo-iam-proxy-As-timestamps, statement ConnectToiamproxyAstimestamps, allows rds-db:connect ' +
        'on arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-loginmatrixtestiam/timestamps',
      where: [expect.stringMatching(/^aws_iam_role_policy\.functions_func2_role_ConnectTo-iam-proxy-As-timestamps_/)],
    });
  });

  it('covers each login with TLS that /auth-matrix expects to succeed', () => {
    expect(explained('auth-matrix').map(({ title }) => title.replace(/^.*logs in to /, ''))).toEqual([
      expect.stringMatching(/^login-matrix-test\.\S+ as 'matrix_password', by password$/),
      expect.stringMatching(/^login-matrix-test\.\S+ as 'matrix_iam', by IAM$/),
      expect.stringMatching(/^login-matrix-test-password\.\S+ as 'matrix_password', by password$/),
      // The IAM proxy accepts only users that have a secret, and matrix_iam has none.
      expect.stringMatching(/^login-matrix-test-iam\.\S+ as 'matrix_password', by IAM$/),
    ]);
  });
});

describe('a mistake', () => {
  it.each([...LOGIN_MISTAKES, ...NETWORK_MISTAKES, ...CERTIFICATE_MISTAKES])(
    'is found with its fix: $title',
    ({ path, change, explained: expected }) => {
      const [explanation] = explained(functionAt(path), change);
      expect(firstUnmetCondition(explanation ? [explanation] : [])).toEqual(unmetConditionLike(expected));
      expect(explanation?.holds).toBe(false);
    },
  );

  it.each(HTTP_MISTAKES)(
    'on the way to the function does not affect the login of the function: $title',
    ({ path, change }) => {
      expect(firstUnmetCondition(explained(functionAt(path), change))).toBeUndefined();
    },
  );

  const cases: Mistake[] = [
    [
      'the client host has no role',
      'analyst',
      (state) => (state.one('aws_instance')['iam_instance_profile'] = ''),
      /^the client host has a role that ec2\.amazonaws\.com may assume$/,
      /^Give the host an instance profile with a role\.$/,
    ],
    [
      '/auth-matrix connects to the wrong port of a proxy',
      'auth-matrix',
      (state) => (variablesOf(state, 'auth-matrix')['PASSWORD_PROXY_PORT'] = '3307'),
      /^the endpoint listens on port 3307$/,
      /^Set PASSWORD_PROXY_PORT to 3306\.$/,
    ],
    [
      'a function connects to a host that is not an endpoint of the deployment',
      'items',
      (state) => (variablesOf(state, 'items')['DB_HOST'] = 'db.test'),
      /^db\.test is an endpoint$/,
      /^Connect to the endpoint of an instance or a proxy/,
    ],
  ];

  it.each(cases)('is found with its fix: %s', (_what, name, change, needs, fix) => {
    expect(firstUnmetCondition(explained(name, change))).toEqual(unmetConditionLike([needs, fix]));
  });

  it('in a layer is found by reading the layer’s zip', () => {
    const withoutAmazonRoots = zip({ 'certs/amazon-roots.pem': Buffer.from('') });
    const [func2] = explained('func2', undefined, () => withoutAmazonRoots);
    expect(func2?.fix).toBe(
      'Publish a layer in which /opt/certs/amazon-roots.pem holds the root certificates of Amazon Trust Services (CN=Amazon Root CA …).',
    );
  });

  it('in a layer cannot be found without the layer’s zip, and the explanation says so', () => {
    const [func2] = explained('func2', undefined, () => undefined);
    expect(func2).toMatchObject({ holds: true });
    expect(func2?.unknown).toContainEqual(
      expect.stringMatching(/^whether \/opt\/certs\/amazon-roots\.pem holds the right/),
    );
  });

  it('does not hide other mistakes', () => {
    const [func2] = explained('func2', (state) => {
      state.remove('aws_vpc_security_group_egress_rule', 'functions-to-iam-proxy');
      state.remove('aws_db_proxy_target', 'iam-proxy');
      state.one('aws_lambda_invocation', 'bootstrap')['result'] = '{}';
    });
    const broken = func2?.sections.flatMap(({ conditions }) => conditions).filter(({ holds }) => !holds);
    expect(broken?.map(({ needs }) => needs)).toEqual([
      expect.stringMatching(/^an egress rule of the security group \S+-functions" allows TCP 3306/),
      expect.stringMatching(/has an instance as its target$/),
      expect.stringMatching(/^the database has the user 'timestamps'/),
    ]);
  });
});

describe('a name', () => {
  it('of neither a function nor a user is rejected with a list of the names', () => {
    expect(() => explained('func3')).toThrow(
      /^There is no function or database user named func3 with a login to explain\. Functions: .*func1, func2.*\. Database users: .*analyst.*\.$/,
    );
  });

  it('of a user selects every function that logs in as this user', () => {
    expect(explained('timestamps').map(({ title }) => title)).toEqual([
      expect.stringMatching(/-func1 logs in to .* by password$/),
      expect.stringMatching(/-func2 logs in to .* by IAM$/),
    ]);
  });
});
