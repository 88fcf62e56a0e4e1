import { invokeInTime, type Invoke } from '../../api-gateway/integration';
import { AwsError } from '../../lambda/aws-error';
import { ARNS } from '../support/http-state';

/** Calls an integration, with a stand-in for Lambda. */
const call = (invoke: Invoke, timeoutMs = 29_000) =>
  invokeInTime(invoke, { functionArn: ARNS.function, timeoutMs }, { httpMethod: 'GET' });

describe('an integration', () => {
  it('invokes its function with the event, and returns the answer', async () => {
    const answer = { payload: '{}', log: '' };
    const invoke = jest.fn(() => Promise.resolve(answer));
    expect(await call(invoke)).toBe(answer);
    expect(invoke).toHaveBeenCalledWith(ARNS.function, { httpMethod: 'GET' });
  });

  it.each([
    ['Lambda rejects the call', new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.')],
    ['the call fails before Lambda answers', new Error('no zip')],
  ])('fails with INTEGRATION_FAILURE if %s', async (_what, error) => {
    await expect(call(() => Promise.reject(error))).rejects.toMatchObject({
      type: 'INTEGRATION_FAILURE',
      integrationError: `Execution failed due to configuration error: ${error.message}`,
      defaultStatus: 500,
    });
  });

  it('fails with INTEGRATION_TIMEOUT if the function does not answer within the timeout of the integration', async () => {
    await expect(call(() => new Promise(() => undefined), 50)).rejects.toMatchObject({
      type: 'INTEGRATION_TIMEOUT',
      integrationError: 'The function did not answer within 50 ms',
    });
  });
});
