import { reasonIn, loggedReasonOf } from '../../verify/reason';
import { CORRECT_AWS } from '../support/deployment-stand-in';

const line = (fields: object): string => JSON.stringify({ requestId: '1', ...fields });

describe('the reason of a failed request', () => {
  it.each([
    [
      'what to check first',
      [line({ level: 'error', check: ['the first', 'the second'], reason: 'wrapped' })],
      'the first',
    ],
    [
      'the cause of the error',
      [line({ level: 'error', reason: 'wrapped', cause: { reason: 'the cause' } })],
      'the cause',
    ],
    ['the error, if it has no cause', [line({ level: 'error', reason: 'the error' })], 'the error'],
    ['why Lambda did not answer API Gateway', [line({ integrationError: 'Rate Exceeded.' })], 'Rate Exceeded.'],
    [
      'the function’s reason, even if API Gateway has one',
      [line({ integrationError: 'x' }), line({ level: 'error', reason: 'y' })],
      'y',
    ],
  ])('is %s', (_what, lines, reason) => {
    expect(reasonIn(lines)).toBe(reason);
  });

  it('is not found in lines of success or lines that are not JSON', () => {
    expect(reasonIn([line({ integrationError: '-' }), line({ level: 'info' }), 'END RequestId: 1'])).toBeUndefined();
  });

  it('is replaced by the name of the log if the credentials may not read the log', async () => {
    const logLines = () => Promise.reject(new Error('AccessDenied'));
    const context = { aws: { ...CORRECT_AWS, logLines }, outputs: { deployed: {} } };
    const response = { headers: { 'x-request-id': '7f0c' } };
    expect(await loggedReasonOf(context as never, 'login-matrix-test-items', response as never)).toBe(
      'See the log /aws/lambda/login-matrix-test-items at request id 7f0c',
    );
  });
});
