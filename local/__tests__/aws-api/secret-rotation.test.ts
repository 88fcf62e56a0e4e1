import { SecretRotation } from '../../aws-api/secret-rotation';
import type { WholeRequest, WholeResponse } from '../../http/exchange';
import { AwsError } from '../../lambda/aws-error';
import { jsonRequest } from '../support/aws-requests';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:timestamps-AbCdEf';
const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:rotation';

const answerOf = (status: number, content: object): WholeResponse => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(content)),
});

/**
 * Stands in for moto. Answers DescribeSecret with the ARN of the rotation function, and any other request with 404. The real moto answers
 * RotateSecret with 404, too: SecretRotation deliberately names a function version that does not exist, so that moto runs no function.
 * SecretRotation then runs the rotation itself.
 */
function pass({ headers, body }: WholeRequest): Promise<WholeResponse> {
  if (headers['x-amz-target'] === 'secretsmanager.DescribeSecret') {
    return Promise.resolve(answerOf(200, { ARN, Name: 'timestamps', RotationLambdaARN: rotationFunction }));
  }
  const { RotationLambdaARN } = JSON.parse(body.toString()) as Record<string, string>;
  return Promise.resolve(answerOf(404, { message: `There is no function ${RotationLambdaARN}` }));
}

let steps: string[];
let logged: string[];
/** Error of the function's invocations, if any. */
let invocationError: AwsError | undefined;
/** The rotation function of the secret, if rotation is on. */
let rotationFunction: string | undefined;
let rotation: SecretRotation;

beforeEach(() => {
  steps = [];
  logged = [];
  invocationError = undefined;
  rotationFunction = FUNCTION;
  rotation = new SecretRotation({
    pass,
    invoke: (_function, { Step, ClientRequestToken }) => {
      steps.push(`${Step} ${ClientRequestToken}`);
      return invocationError ? Promise.reject(invocationError) : Promise.resolve({ payload: 'null', log: '' });
    },
    log: (line) => logged.push(line),
  });
});

const ALL_STEPS = ['createSecret first', 'setSecret first', 'testSecret first', 'finishSecret first'];

/** Calls RotateSecret with the token `first`. */
function rotate(): Promise<WholeResponse> {
  const parameters = { SecretId: ARN, RotationLambdaARN: FUNCTION, ClientRequestToken: 'first' };
  return rotation.answer(jsonRequest('secretsmanager', 'secretsmanager.RotateSecret', parameters));
}

async function describeSecret(): Promise<{ LastRotatedDate?: number }> {
  const request = jsonRequest('secretsmanager', 'secretsmanager.DescribeSecret', { SecretId: ARN });
  return JSON.parse((await rotation.answer(request)).body.toString());
}

describe('a rotation of a secret', () => {
  it('invokes the function for each step, and then answers with the new version', async () => {
    const { status, body } = await rotate();
    expect([status, JSON.parse(body.toString())]).toEqual([200, { ARN, Name: 'timestamps', VersionId: 'first' }]);
    expect(steps).toEqual(ALL_STEPS);
  });

  it('adds LastRotatedDate to the answers to DescribeSecret when it has succeeded', async () => {
    expect(await describeSecret()).not.toHaveProperty('LastRotatedDate');
    const before = Date.now() / 1000;
    await rotate();
    expect((await describeSecret()).LastRotatedDate).toBeGreaterThanOrEqual(before);
  });

  it('ends without an error to the caller if Lambda throttles a step', async () => {
    invocationError = new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.');
    expect((await rotate()).status).toBe(200);
    expect(logged).toEqual([`The rotation of ${ARN} failed at createSecret: TooManyRequestsException: Rate Exceeded.`]);
    expect(await describeSecret()).not.toHaveProperty('LastRotatedDate');
  });

  it('fails if its function does not exist', async () => {
    invocationError = new AwsError(404, 'ResourceNotFoundException', 'Function not found');
    await expect(rotate()).rejects.toBe(invocationError);
  });

  it('is refused if neither the secret nor the request names a function', async () => {
    rotationFunction = undefined;
    const request = jsonRequest('secretsmanager', 'secretsmanager.RotateSecret', { SecretId: ARN });
    await expect(rotation.answer(request)).rejects.toMatchObject({
      status: 400,
      name: 'InvalidRequestException',
      message: 'No Lambda rotation function ARN is associated with this secret.',
    });
  });

  it('is not started again if a retry with the same token arrives while it runs', async () => {
    const answers = await Promise.all([rotate(), rotate()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(steps).toEqual(ALL_STEPS);
  });
});
