import { invokeInTime, type Invoke } from '../../api-gateway/integration';
import { AwsError } from '../../lambda/aws-error';
import { ARNS } from '../support/http-state';

const METHOD = {
  resourceId: 'a1b2c3',
  resourcePath: '/items',
  method: 'GET',
  apiKeyRequired: true,
  functionArn: ARNS.function,
};

/** Calls an integration, with a stand-in for Lambda. */
const call = (invoke: Invoke, timeoutMs = 29_000) =>
  invokeInTime(invoke, { ...METHOD, timeoutMs }, { httpMethod: 'GET' });

describe('an integration', () => {
  it('invokes its function with the event, and returns the answer', async () => {
    const answer = { payload: '{}', log: '' };
    const invoke = jest.fn(() => Promise.resolve(answer));
    expect(await call(invoke)).toBe(answer);
    expect(invoke).toHaveBeenCalledWith(ARNS.function, { httpMethod: 'GET' });
  });

  it('returns an error of the function like any other answer of Lambda', async () => {
    const failed = { payload: '{}', functionError: 'Unhandled' as const, log: '' };
    expect(await call(() => Promise.resolve(failed))).toBe(failed);
  });

  it('fails with INTEGRATION_FAILURE if Lambda rejects the call', async () => {
    const throttled = new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.');
    await expect(call(() => Promise.reject(throttled))).rejects.toMatchObject({
      type: 'INTEGRATION_FAILURE',
      integrationError: 'Execution failed due to configuration error: Rate Exceeded.',
      defaultStatus: 500,
    });
  });

  it('fails with INTEGRATION_FAILURE also if the call fails before Lambda answers', async () => {
    await expect(call(() => Promise.reject(new Error('no zip')))).rejects.toMatchObject({
      type: 'INTEGRATION_FAILURE',
      integrationError: 'Execution failed due to configuration error: no zip',
    });
  });

  it('fails with INTEGRATION_TIMEOUT if the function does not answer within the timeout of the integration', async () => {
    await expect(call(() => new Promise(() => undefined), 50)).rejects.toMatchObject({
      type: 'INTEGRATION_TIMEOUT',
      integrationError: 'The function did not answer within 50 ms',
    });
  });
});
