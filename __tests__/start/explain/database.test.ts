import { unmetConditionLike, firstUnmetCondition } from '../../one-machine/support/unmet-condition';
import type { Change } from '../../one-machine/support/running-deployment';
import { allFeatures } from '../../support/stack';
import { conditionsIn, explainer, variablesOf, type Mistake } from './explainer';
import { planDeployment } from './planned-state';

const explained = explainer(planDeployment(allFeatures));

/** Replaces a text in the input and the result of the bootstrap. */
const inBootstrap =
  (text: string, replacement: string): Change =>
  (state) => {
    const invocation = state.one('aws_lambda_invocation', 'bootstrap');
    for (const attribute of ['input', 'result'])
      invocation[attribute] = String(invocation[attribute]).replaceAll(text, replacement);
  };

describe('the conditions of the database', () => {
  const cases: Mistake[] = [
    [
      'the bootstrap did not create a user',
      'items',
      (state) => (state.one('aws_lambda_invocation', 'bootstrap')['result'] = '{"users":[]}'),
      /^the database has the user 'items'@'%'$/,
      /^Invoke the bootstrap again: terraform apply -replace=aws_lambda_invocation\.bootstrap_invocation_\w+$/,
    ],
    [
      'a client logs in by IAM as a user with a password',
      'items',
      inBootstrap('"login":"iam"', '"login":"password"'),
      /^the database accepts a token from the client for the user 'items'$/,
      /^Log in as a user that is IDENTIFIED WITH AWSAuthenticationPlugin: 'items' has a password\.$/,
    ],
    [
      'a proxy sends a password for a user that logs in by IAM',
      'func2',
      inBootstrap('"login":"password"', '"login":"iam"'),
      /^the database accepts a password from the proxy for the user 'timestamps'$/,
      /^Log in as a user with a password: 'timestamps' is IDENTIFIED WITH AWSAuthenticationPlugin\.$/,
    ],
    [
      'a user has no account for the client’s address',
      'items',
      inBootstrap('%', '10.30.0.0/255.255.0.0'),
      /^the user 'items' may log in from 10\.20\.\d+\.\d+$/,
      /^Log in from an address in 10\.30\.0\.0\/255\.255\.0\.0, or through a proxy/,
    ],
    [
      'a user has no account for the proxy’s address',
      'func2',
      inBootstrap('10.20.0.0', '10.30.0.0'),
      /^the user 'timestamps' may log in from 10\.20\.\d+\.\d+$/,
      /^Create an account 'timestamps' for the proxy’s address 10\.20\.\d+\.\d+, or log in as a user with an account for that address\.$/,
    ],
  ];

  it.each(cases)('include an unmet one, with a fix, if %s', (_what, name, change, needs, fix) => {
    expect(firstUnmetCondition(explained(name, change))).toEqual(unmetConditionLike([needs, fix]));
  });

  it('include only the existence of the user if the user is undeclared', () => {
    const asUndeclaredUser: Change = (state) => (variablesOf(state, 'items')['DB_USER'] = 'undeclared_user');
    expect(conditionsIn(explained('items', asUndeclaredUser), 'Database')).toEqual([
      {
        needs: "the database has the user 'undeclared_user'",
        holds: false,
        found: 'no such user is declared',
        where: [],
        fix: "Declare the user 'undeclared_user' (database.users), or log in as a declared user.",
      },
    ]);
  });

  it('assume no proxy at an unknown endpoint: the database must accept the client’s token', () => {
    const toUnknownEndpoint: Change = (state) => (variablesOf(state, 'items')['DB_HOST'] = 'db.test');
    const conditions = conditionsIn(explained('items', toUnknownEndpoint), 'Database');
    expect(conditions.map(({ needs }) => needs)).toContain(
      "the database accepts a token from the client for the user 'items'",
    );
    expect(conditions.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('include IAM authentication only for a token that the instance itself checks', () => {
    const asksForIam = (name: string): boolean =>
      conditionsIn(explained(name), 'Database').some(({ needs }) => needs.startsWith('IAM database authentication'));
    expect(asksForIam('items')).toBe(true);
    // bootstrap and func1 send a password. func2 sends a token, which the proxy checks.
    expect(['bootstrap', 'func1', 'func2'].filter(asksForIam)).toEqual([]);
  });

  it('list the grants of the user', () => {
    expect(conditionsIn(explained('items'), 'Database').at(-1)).toMatchObject({
      needs: "the user 'items' has these grants",
      found: expect.stringMatching(/^SELECT.* on app\.items$/) as string,
    });
  });
});
