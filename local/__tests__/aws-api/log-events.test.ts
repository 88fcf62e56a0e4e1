import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filterLogEvents, isFilterLogEvents } from '../../aws-api/log-events';

const GROUPS = ['/aws/lambda/login-matrix-test-items', '/aws/apigateway/login-matrix-test'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
  const lines = ['START RequestId: 1', '{"level":"error","requestId":"a"}', '{"level":"error","requestId":"b"}'];
  writeFileSync(join(folder, 'login-matrix-test-items.log'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'login-matrix-test-items.old.log'), '{"level":"info","requestId":"old"}\n');
  writeFileSync(join(folder, 'api-gateway.log'), '2026-01-31T12:00:00.000Z {"requestId":"a"}\n');
  writeFileSync(join(folder, 'rds.log'), '2026-01-31T12:00:00.000Z a secret reason\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

const request = (asked: object, target = 'FilterLogEvents') => ({
  method: 'POST',
  path: '/',
  headers: { 'x-amz-target': `Logs_20140328.${target}` },
  body: Buffer.from(JSON.stringify(asked)),
});

/** Answers as moto does, with two empty log groups. */
const pass = ({ body }: { body: Buffer }) => {
  const { logGroupName } = JSON.parse(body.toString('utf8')) as { logGroupName: string };
  return Promise.resolve({ status: GROUPS.includes(logGroupName) ? 200 : 400, headers: {}, body: Buffer.from('{}') });
};

async function messages(logGroupName: string, filterPattern: string): Promise<string[] | number> {
  const { status, body } = await filterLogEvents(request({ logGroupName, filterPattern }), pass, folder);
  const { events } = JSON.parse(body.toString('utf8')) as { events: { message: string }[] };
  return status === 200 ? events.map(({ message }) => message) : status;
}

describe('FilterLogEvents', () => {
  it('is recognised by its target', () => {
    expect(isFilterLogEvents(request({}))).toBe(true);
    expect(isFilterLogEvents(request({}, 'DescribeLogGroups'))).toBe(false);
  });

  it('finds lines of a function and of API Gateway that contain a text', async () => {
    expect(await messages('/aws/lambda/login-matrix-test-items', '"a"')).toEqual(['{"level":"error","requestId":"a"}']);
    expect(await messages('/aws/apigateway/login-matrix-test', '"a"')).toEqual(['{"requestId":"a"}']);
    expect(await messages('/aws/lambda/login-matrix-test-items', '"nowhere"')).toEqual([]);
  });

  it('also finds lines in the previous file of a log', async () => {
    expect(await messages('/aws/lambda/login-matrix-test-items', '"requestId"')).toEqual([
      '{"level":"info","requestId":"old"}',
      '{"level":"error","requestId":"a"}',
      '{"level":"error","requestId":"b"}',
    ]);
  });

  it('finds no group that is not applied, and no log that AWS would not have', async () => {
    expect(await messages('/aws/lambda/rds', '"a"')).toBe(400);
    expect(await messages('/aws/lambda/../rds', '"a"')).toBe(400);
  });

  it('rejects other kinds of patterns', async () => {
    await expect(messages('/aws/lambda/login-matrix-test-items', '{ $.level = "error" }')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'filterPattern must be a text in quotes here, got { $.level = "error" }.',
    });
  });
});
