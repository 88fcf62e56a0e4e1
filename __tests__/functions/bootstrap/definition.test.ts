import { isCleanUp, parseRequest } from '../../../functions/bootstrap/definition';

const GRANT = { privileges: ['SELECT'], on: ['app', 'items'] };
const IAM = { name: 'items', login: 'iam', host: '%', maxUserConnections: 20, grants: [GRANT] };
const PASSWORD = {
  ...IAM,
  name: 'timestamps',
  login: 'password',
  host: '10.20.0.0/255.255.0.0',
  secretArn: 'arn:of:secret',
};

/** An event that defines one user. */
const withUser = (user: object): object => ({ database: 'app', users: [user] });

describe('the event of the bootstrap', () => {
  it('defines a database and its users, or names the accounts to keep', () => {
    const definition = parseRequest({ database: 'app', users: [IAM, PASSWORD] });
    expect(definition).toEqual({ database: 'app', users: [IAM, PASSWORD], unrecordedNames: [] });
    expect(isCleanUp(definition)).toBe(false);
    expect(isCleanUp(parseRequest({ database: 'app', keepUsers: [{ name: 'items', host: '%' }] }))).toBe(true);
  });

  it.each([
    ['null in place of an object', null, 'the event'],
    ['an unknown field', { database: 'app', users: [], drop: true }, 'drop'],
    [
      'a database whose name needs quotes',
      { database: 'app`; DROP', users: [] },
      'database: must be letters, digits and underscores, and must not start with a digit',
    ],
    ['a user whose name needs quotes', withUser({ ...IAM, name: "o'brien" }), 'users.0.name'],
    ['a user name of more than 32 characters', withUser({ ...IAM, name: 'x'.repeat(33) }), 'users.0.name'],
    [
      'a host with a wildcard after a part of an address',
      withUser({ ...IAM, host: '10.%' }),
      'users.0.host: must be % or an IPv4',
    ],
    [
      'a statement in place of a privilege',
      withUser({ ...IAM, grants: [{ ...GRANT, privileges: ['SELECT, DROP'] }] }),
      'privileges.0',
    ],
    ['a grant without a privilege', withUser({ ...IAM, grants: [{ ...GRANT, privileges: [] }] }), 'privileges'],
    ['a grant on every database', withUser({ ...IAM, grants: [{ ...GRANT, on: ['*', '*'] }] }), 'on.0'],
    ['a column that needs quotes', withUser({ ...IAM, grants: [{ ...GRANT, columns: ['a b'] }] }), 'columns.0'],
    [
      'a password user without a secret',
      withUser({ ...PASSWORD, secretArn: undefined }),
      'users.0.secretArn: must be set for a user that logs in by password, and only for such a user',
    ],
    ['an IAM user with a secret', withUser({ ...IAM, secretArn: 'arn:of:secret' }), 'users.0.secretArn'],
    [
      'a connection limit of 0, which MySQL replaces with the global limit',
      withUser({ ...IAM, maxUserConnections: 0 }),
      'users.0.maxUserConnections',
    ],
    ['an entry of keepUsers without a host', { database: 'app', keepUsers: [{ name: 'items' }] }, 'keepUsers.0.host'],
  ])('is refused because of %s', (_what, event, fault) => {
    expect(() => parseRequest(event)).toThrow(
      /^The event must (define a database and its users|name a database and the users to keep)\. Nothing was changed\. /,
    );
    expect(() => parseRequest(event)).toThrow(fault);
  });

  it('is refused with one error that lists every fault', () => {
    expect(() => parseRequest({ database: '1app', users: [{ ...IAM, host: 'x', login: 'ldap' }] })).toThrow(
      /database: .*users\.0\.login: .*users\.0\.host: /,
    );
  });
});
