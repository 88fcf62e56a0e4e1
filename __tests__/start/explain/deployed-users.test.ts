import { appliedOf } from '../../../local/__tests__/support';
import { admits, deployedUsers } from '../../../start/explain/deployed-users';

const ITEMS = {
  name: 'items',
  login: 'iam',
  host: '%',
  grants: [{ privileges: ['SELECT', 'INSERT'], columns: ['id'], on: ['app', 'items'] }],
};
const GUEST = { name: 'guest', login: 'password', host: '10.20.0.0/255.255.0.0', grants: [], secretArn: 'arn:guest' };

const input = JSON.stringify({ users: [ITEMS, GUEST] });

/** Returns the users of a deployment whose bootstrap returned this result. @param secrets `master_user_secret` of the instance */
const usersAfter = (result: string | null, secrets: object[] = []) =>
  deployedUsers(
    appliedOf({
      aws_lambda_invocation: [{ input, result }],
      aws_db_instance: [{ username: 'admin', master_user_secret: secrets }],
    }),
  );

describe('the users of a deployment', () => {
  it('are the master user and the users in the bootstrap’s input; users in the bootstrap’s result count as created', () => {
    const users = usersAfter(JSON.stringify({ users: ["'items'@'%'"] }), [{ secret_arn: 'arn:master' }]);
    expect(users).toMatchObject([
      { name: 'items', login: 'iam', grants: 'SELECT, INSERT (id) on app.items', isCreated: true },
      {
        name: 'guest',
        login: 'password',
        grants: 'none, so the user may only log in',
        isCreated: false,
        secretArn: 'arn:guest',
      },
      { name: 'admin', login: 'password', host: '%', isCreated: true, secretArn: 'arn:master' },
    ]);
  });

  it.each([null, '', 'null', 'no JSON'])(
    'count as not created, except the master user, if the bootstrap returned %j',
    (result) => {
      expect(usersAfter(result).map(({ name, isCreated }) => [name, isCreated])).toEqual([
        ['items', false],
        ['guest', false],
        ['admin', true],
      ]);
    },
  );
});

describe('the host part of an account', () => {
  it.each([
    ['%', '192.0.2.1', true],
    ['10.20.1.4', '10.20.1.4', true],
    ['10.20.1.4', '10.20.1.5', false],
    ['10.20.0.0/255.255.0.0', '10.20.255.1', true],
    ['10.20.0.0/255.255.0.0', '10.21.0.1', false],
    ['192.0.2.0/255.255.255.128', '192.0.2.127', true],
    ['192.0.2.0/255.255.255.128', '192.0.2.128', false],
  ])('%s admits %s: %s', (host, address, expected) => {
    expect(admits(host, address)).toBe(expected);
  });
});
