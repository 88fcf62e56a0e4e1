import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { connectAws, whyAwsFailed, type Aws } from '../../verify/aws';
import { GLOBAL_TOPIC, standInForAllTests } from '../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('a failed request to AWS', () => {
  const failing = (name: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { name }));

  it('is reported as “not checked”, with the reason, if permission or credentials are missing', async () => {
    const denied = failing('AccessDenied', 'User: arn:aws:iam::123456789012:user/me is not authorized');
    const deniedBySns = failing('AuthorizationErrorException', 'User is not authorized');
    const withoutCredentials = failing('CredentialsProviderError', 'Could not load credentials from any providers');
    const answers = {
      alarms: denied,
      subscriptions: deniedBySns,
      proxyTargets: denied,
      environment: withoutCredentials,
    };
    expect(await standIn().unexpectedInAws(answers)).toEqual([
      ['alarms in eu-central-1', 'not checked: these credentials lack cloudwatch:DescribeAlarms'],
      ['alarms in us-east-1', 'not checked: these credentials lack cloudwatch:DescribeAlarms'],
      ['subscriptions of login-matrix-test-alarms', 'not checked: these credentials lack sns:ListSubscriptionsByTopic'],
      [
        'subscriptions of login-matrix-test-global-alarms',
        'not checked: these credentials lack sns:ListSubscriptionsByTopic',
      ],
      ['login-matrix-test-password', 'not checked: these credentials lack rds:DescribeDBProxyTargets'],
      [
        'environment of login-matrix-test-items',
        'not checked: Could not load credentials from any providers. Log in to AWS as for a deployment',
      ],
    ]);
  });

  it('is reported as a missing resource, not as “not checked”, if the resource does not exist', async () => {
    const missing = failing('DBProxyNotFoundFault', 'The specified proxy name does not exist.');
    expect(await standIn().unexpectedInAws({ proxyTargets: missing })).toEqual([
      ['login-matrix-test-password', 'it does not exist'],
    ]);
  });
});

/** Starts a stand-in for AWS with these answers and sends requests to it. @returns the result of `send` */
async function fromAws<T>(
  answer: (request: { body: string; authorization: string }, response: ServerResponse) => void,
  send: (aws: Aws) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    void text(request).then((body) => answer({ body, authorization }, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await send(connectAws('eu-central-1', `http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('a failure of AWS to decrypt the environment of a function', () => {
  it('is reported with AWS’s reason, not as a missing permission of the caller', async () => {
    const Environment = { Error: { ErrorCode: 'AccessDeniedException', Message: 'KMS denied access.' } };
    const failed = fromAws(
      (_request, response) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ Environment })),
      (aws) => aws.environment('items'),
    );
    expect(await failed.catch((error: unknown) => whyAwsFailed('lambda:GetFunctionConfiguration', error))).toBe(
      'lambda:GetFunctionConfiguration failed: EnvironmentError: KMS denied access.',
    );
  });
});

describe('the lines of a log', () => {
  it('are found on later pages even if the first page is empty', async () => {
    const lines = await fromAws(
      ({ body }, response) => {
        const { nextToken } = JSON.parse(body) as { nextToken?: string };
        const page = nextToken === undefined ? { events: [], nextToken: 'more' } : { events: [{ message: 'a line' }] };
        response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(page));
      },
      (aws) => aws.logLines('/aws/lambda/one', 'word'),
    );
    expect(lines).toEqual(['a line']);
  });
});

describe('the subscriptions of a topic', () => {
  it('include those on later pages, and are requested in the region of the topic', async () => {
    const authorizations: string[] = [];
    const subscriptions = await fromAws(
      ({ body, authorization }, response) => {
        authorizations.push(authorization);
        const isFirst = !new URLSearchParams(body).has('NextToken');
        const [arn, next] = isFirst
          ? ['PendingConfirmation', '<NextToken>more</NextToken>']
          : [`${GLOBAL_TOPIC}:1`, ''];
        const member = `<member><Protocol>email</Protocol><SubscriptionArn>${arn}</SubscriptionArn></member>`;
        response
          .setHeader('content-type', 'text/xml')
          .end(
            `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${member}</Subscriptions>${next}` +
              '</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>',
          );
      },
      (aws) => aws.subscriptions(GLOBAL_TOPIC),
    );
    expect(subscriptions.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual([
      'PendingConfirmation',
      `${GLOBAL_TOPIC}:1`,
    ]);
    expect(authorizations).toEqual(Array(2).fill(expect.stringContaining('/us-east-1/sns/')));
  });
});
