import { AwsError } from '../../lambda/aws-error';
import type { WholeResponse, WholeRequest } from '../../http/exchange';
import { SecretRotation } from '../../aws-api/secret-rotation';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:timestamps-AbCdEf';
const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:rotation';

const request = (ClientRequestToken: string): WholeRequest => ({
  method: 'POST',
  path: '/',
  headers: { 'x-amz-target': 'secretsmanager.RotateSecret' },
  body: Buffer.from(JSON.stringify({ SecretId: ARN, RotationLambdaARN: FUNCTION, ClientRequestToken })),
});

const answerOf = (status: number, content: object): WholeResponse => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(content)),
});

/** Answers as moto does, without a version `not-by-moto` of the function. */
function pass({ headers, body }: WholeRequest): Promise<WholeResponse> {
  if (headers['x-amz-target'] === 'secretsmanager.DescribeSecret') {
    return Promise.resolve(answerOf(200, { ARN, Name: 'timestamps', RotationLambdaARN: FUNCTION }));
  }
  const { RotationLambdaARN } = JSON.parse(body.toString()) as Record<string, string>;
  return Promise.resolve(answerOf(404, { message: `There is no function ${RotationLambdaARN}` }));
}

describe('SecretRotation', () => {
  let steps: string[];
  let refusal: AwsError | undefined;
  const lines: string[] = [];
  let rotation: SecretRotation;

  beforeEach(() => {
    steps = [];
    refusal = undefined;
    rotation = new SecretRotation({
      pass,
      invoke: (_function, { Step, ClientRequestToken }) => {
        steps.push(`${Step} ${ClientRequestToken}`);
        return refusal ? Promise.reject(refusal) : Promise.resolve({ payload: 'null', log: '' });
      },
      log: (line) => lines.push(line),
    });
  });

  const stepsOf = (token: string): string[] =>
    ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => `${step} ${token}`);

  it('invokes the function for each step, and then answers with the new version', async () => {
    const { status, body } = await rotation.answer(request('first'));
    expect([status, JSON.parse(body.toString())]).toEqual([200, { ARN, Name: 'timestamps', VersionId: 'first' }]);
    expect(steps).toEqual(stepsOf('first'));
  });

  const describe = async (): Promise<{ LastRotatedDate?: number }> => {
    const asked = request('first');
    const headers = { 'x-amz-target': 'secretsmanager.DescribeSecret' };
    return JSON.parse((await rotation.answer({ ...asked, headers })).body.toString());
  };

  it('updates LastRotatedDate in the secret’s description at its end', async () => {
    expect(await describe()).not.toHaveProperty('LastRotatedDate');
    const before = Date.now() / 1000;
    await rotation.answer(request('first'));
    expect((await describe()).LastRotatedDate).toBeGreaterThanOrEqual(before);
  });

  it('ends without an error to the caller if Lambda throttles a step', async () => {
    refusal = new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.');
    expect((await rotation.answer(request('first'))).status).toBe(200);
    expect(lines).toEqual([`The rotation of ${ARN} ended at createSecret: TooManyRequestsException: Rate Exceeded.`]);
    expect(await describe()).not.toHaveProperty('LastRotatedDate');
  });

  it('fails if there is no such function', async () => {
    refusal = new AwsError(404, 'ResourceNotFoundException', 'Function not found');
    await expect(rotation.answer(request('first'))).rejects.toBe(refusal);
  });

  it('is not started again by a second request while it runs', async () => {
    const answers = await Promise.all([rotation.answer(request('first')), rotation.answer(request('first'))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(steps).toEqual(stepsOf('first'));
  });
});
