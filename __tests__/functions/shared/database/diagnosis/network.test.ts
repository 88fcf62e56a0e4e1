import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';
import { passwordAttempt, driverError, instanceEndpoint, proxyEndpoint } from '../../../../support/failed-connections';

const tooManyConnections = (message: string): Error => driverError('ER_CON_COUNT_ERROR', message);

describe('the diagnosis of a connection or statement that fails', () => {
  it.each([
    [
      'a security group that blocks the port',
      driverError('ETIMEDOUT'),
      /security group must allow port 3306 out to the instance's group/,
    ],
    ['a closed port', driverError('ECONNREFUSED'), /nothing listens on port 3306/],
    ['an unknown host name', driverError('ENOTFOUND'), /^DNS does not know /],
    ['a missing route', driverError('EHOSTUNREACH'), /^there is no route to/],
    ['a missing route to the network', driverError('ENETUNREACH'), /^there is no route to/],
    [
      'a server that blocks the client’s address',
      driverError('ER_HOST_IS_BLOCKED'),
      /^the server blocks the client's address after /,
    ],
    [
      'KILL QUERY',
      driverError('ER_QUERY_INTERRUPTED'),
      /^KILL QUERY ended the statement: find out who calls mysql\.rds/,
    ],
    ['a full server', tooManyConnections('Too many connections'), /^the server has no connection left/],
    [
      'a user at its connection limit',
      driverError('ER_USER_LIMIT_REACHED'),
      /^'timestamps' has reached its connection/,
    ],
  ])('names %s as the only cause', (_what, error, sentence) => {
    expect(diagnose(error, instanceEndpoint, passwordAttempt)).toEqual([expect.stringMatching(sentence)]);
  });

  it('adds, for a timeout at a proxy, that the proxy may be unable to reach its target', () => {
    expect(diagnose(driverError('ETIMEDOUT'), proxyEndpoint)).toEqual([
      expect.stringMatching(/the proxy's group.*; or the proxy cannot reach its target: see TargetHealth/),
    ]);
  });
});

describe('a proxy at a limit', () => {
  it.each([
    'Connections rate limit exceeded (100)',
    'IAM authentication rate limit exceeded',
    'Number simultaneous connections exceeded (100)',
  ])('is recognised by the message %s', (message) => {
    expect(diagnose(tooManyConnections(message), proxyEndpoint, passwordAttempt)).toEqual([
      expect.stringMatching(/^the proxy has reached its limit of connections/),
    ]);
  });

  it('is recognised by the message of a full pool', () => {
    const error = new Error('Timed-out waiting to acquire database connection');
    expect(diagnose(error, proxyEndpoint, passwordAttempt)).toEqual([
      expect.stringMatching(
        /^the proxy has no free connection to its target: .*; or the proxy cannot reach its target: see TargetHealth/,
      ),
    ]);
  });
});
