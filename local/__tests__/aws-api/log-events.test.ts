import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filterLogEvents, isFilterLogEvents } from '../../aws-api/log-events';
import { jsonRequest } from '../support/aws-requests';

const FUNCTION_GROUP = '/aws/lambda/login-matrix-test-items';
const API_GROUP = '/aws/apigateway/login-matrix-test';
/** A log group whose name leads out of the folder of the logs. */
const OUTSIDE_GROUP = '/aws/lambda/../outside';
const TIMEOUT_LINE = '2026-01-31T12:00:01.000Z c Task timed out after 1.00 seconds';
const THROWN_LINE = '2026-01-31T12:00:02.000Z\td\tERROR\tInvoke Error \t{}';

let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'log-events-')), 'logs');
  mkdirSync(folder);
  const lines = ['{"level":"error","requestId":"a"}', '{"level":"error","requestId":"b"}', TIMEOUT_LINE, THROWN_LINE];
  writeFileSync(join(folder, 'login-matrix-test-items.log'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'login-matrix-test-items.old.log'), '{"level":"info","requestId":"old"}\n');
  writeFileSync(join(folder, 'api-gateway.log'), '2026-01-31T12:00:00.000Z {"requestId":"a"}\n');
  writeFileSync(join(folder, 'rds.log'), '2026-01-31T12:00:00.000Z a secret reason\n');
  writeFileSync(join(folder, '..', 'outside.log'), 'a line\n');
});

afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

const request = (parameters: object, action = 'FilterLogEvents') =>
  jsonRequest('logs', `Logs_20140328.${action}`, parameters);

/** Answers as a moto with three empty log groups. */
const pass = ({ body }: { body: Buffer }) => {
  const { logGroupName } = JSON.parse(body.toString('utf8')) as { logGroupName: string };
  const isKnown = [FUNCTION_GROUP, API_GROUP, OUTSIDE_GROUP].includes(logGroupName);
  return Promise.resolve({ status: isKnown ? 200 : 400, headers: {}, body: Buffer.from('{}') });
};

/** Returns the found events, or the status of an error. */
async function findEvents(logGroupName: string, filterPattern: string) {
  const { status, body } = await filterLogEvents(request({ logGroupName, filterPattern }), pass, folder);
  const { events } = JSON.parse(body.toString('utf8')) as { events: { message: string; timestamp: number }[] };
  return status === 200 ? events : status;
}

/** Returns the messages of the found events, or the status of an error. */
async function find(logGroupName: string, filterPattern: string): Promise<string[] | number> {
  const events = await findEvents(logGroupName, filterPattern);
  return typeof events === 'number' ? events : events.map(({ message }) => message);
}

describe('FilterLogEvents', () => {
  it('is recognised by its X-Amz-Target', () => {
    expect(isFilterLogEvents(request({}))).toBe(true);
    expect(isFilterLogEvents(request({}, 'DescribeLogGroups'))).toBe(false);
  });

  it('finds lines of a function and of API Gateway that contain a text', async () => {
    const lines = ['{"level":"error","requestId":"a"}', '{"level":"error","requestId":"b"}'];
    expect(await find(FUNCTION_GROUP, '"error"')).toEqual(lines);
    expect(await find(API_GROUP, '"a"')).toEqual(['{"requestId":"a"}']);
    expect(await find(FUNCTION_GROUP, '"nowhere"')).toEqual([]);
  });

  it('keeps the time in Lambda’s timeout line, but omits the time that the local API Gateway adds to its lines', async () => {
    expect(await find(FUNCTION_GROUP, '"timed out"')).toEqual([TIMEOUT_LINE]);
    expect(await find(API_GROUP, '"requestId"')).toEqual(['{"requestId":"a"}']);
  });

  it.each([
    [FUNCTION_GROUP, 'timed out', '2026-01-31T12:00:01.000Z'],
    [FUNCTION_GROUP, 'Invoke Error', '2026-01-31T12:00:02.000Z'],
    [API_GROUP, 'requestId', '2026-01-31T12:00:00.000Z'],
  ])('takes the timestamp from the start of the line: %s, %s', async (group, text, time) => {
    expect(await findEvents(group, `"${text}"`)).toMatchObject([{ timestamp: Date.parse(time) }]);
  });

  it('also finds lines in the previous file of a log', async () => {
    expect(await find(FUNCTION_GROUP, '"requestId"')).toEqual([
      '{"level":"info","requestId":"old"}',
      '{"level":"error","requestId":"a"}',
      '{"level":"error","requestId":"b"}',
    ]);
  });

  it('returns moto’s error for a log group that moto does not have, even if a local service has a log of that name', async () => {
    expect(await find('/aws/lambda/rds', '"a"')).toBe(400);
  });

  it('reads no file outside the folder of the logs', async () => {
    expect(await find(OUTSIDE_GROUP, '"a"')).toEqual([]);
  });

  it('rejects a filter pattern that is not a text in quotes', async () => {
    await expect(find(FUNCTION_GROUP, '{ $.level = "error" }')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        'filterPattern must be a text in quotes, got { $.level = "error" }. The local AWS supports no other pattern.',
    });
  });
});
