import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Container } from '../../lambda/container';
import type { DeployedFunction } from '../../lambda/deployment';
import type { Invocation } from '../../lambda/invocation';
import { deploymentOf } from '../support/functions';
import { functionArn } from '../support/http-state';

jest.setTimeout(60_000);

let folder: string;
const containers: Container[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'container-'));
});

afterAll(async () => {
  await Promise.all(containers.map((container) => container.stop()));
  rmSync(folder, { recursive: true });
});

/** Starts a container for a function with this source. */
async function start(source: string, change: Partial<DeployedFunction> = {}): Promise<Container> {
  const deployment = deploymentOf(folder, source, change);
  const container = await Container.start(deployment, join(folder, `c${containers.length}`));
  containers.push(container);
  return container;
}

const answerOf = ({ payload }: Invocation): any => JSON.parse(payload);

/** Code that waits longer than the timeout of any function in these tests. */
const WAIT = 'await new Promise((done) => setTimeout(done, 60_000));';

/** Runs this handler body once, in a new container. */
const runOnce = async (body: string, change?: Partial<DeployedFunction>, event: unknown = {}): Promise<Invocation> =>
  (await start(`exports.handler = async (event, context) => { ${body} };`, change)).invoke(event);

/**
 * Returns the state of a process, for example `T` for stopped; `undefined` if the process is gone.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.slice(0, 1);
  } catch {
    return undefined;
  }
}

const isRunning = (pid: number): boolean => ![undefined, 'Z'].includes(stateOf(pid));

/** Folder of the newest container. */
const newestFolder = (): string => join(folder, `c${containers.length - 1}`);

/** Ids of the processes whose environment names the newest container. */
function processesOfNewest(): string[] {
  const variable = `LAMBDA_TASK_ROOT=${newestFolder()}/task`;
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(variable));
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

describe('a handler', () => {
  it('receives the event and Lambda’s context', async () => {
    const body = 'return { event, context, remaining: context.getRemainingTimeInMillis() }';
    const invocation = await runOnce(body, {}, { a: [1, 'ü'] });
    const { event, context, remaining } = answerOf(invocation);
    expect(event).toEqual({ a: [1, 'ü'] });
    expect(context).toEqual({
      awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'function',
      functionVersion: '$LATEST',
      invokedFunctionArn: functionArn('function'),
      logGroupName: '/aws/lambda/function',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/),
      memoryLimitInMB: '128',
    });
    // The function's timeout is 10 seconds.
    expect(remaining).toBeLessThanOrEqual(10_000);
    expect(invocation.log).toContain(`END RequestId: ${context.awsRequestId}\n`);
  });

  it('has the deployed environment variables and Lambda’s, but not those of the test process', async () => {
    process.env['AWS_PROFILE'] = 'other';
    const variables = answerOf(await runOnce('return process.env', { environment: { DB_HOST: 'db' } }));
    expect(Object.keys(variables).sort()).toEqual([
      'AWS_DEFAULT_REGION',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'DB_HOST',
      'LAMBDA_RUNTIME_DIR',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'NODE_PATH',
      'PATH',
      'TZ',
      '_HANDLER',
    ]);
  });

  it('answers null if it returns undefined', async () => {
    expect((await runOnce('')).payload).toBe('null');
  });

  it('keeps its module state for the next event', async () => {
    const container = await start('let calls = 0; exports.handler = async () => ++calls;');
    expect([answerOf(await container.invoke({})), answerOf(await container.invoke({}))]).toEqual([1, 2]);
  });
});

describe('the log of an invocation', () => {
  it('starts with the lines printed while the function loads; then come Lambda’s START, the handler’s lines in order, and END', async () => {
    const prints = 'console.log("a"); console.error("b"); console.log("c");';
    const container = await start(`console.log("loading"); exports.handler = async () => { ${prints} };`);
    const id = String.raw`[\da-f-]{36}`;
    const { log } = await container.invoke({});
    expect(log).toMatch(
      new RegExp(
        String.raw`^loading\nSTART RequestId: ${id} Version: \$LATEST\na\nb\nc\nEND RequestId: ${id}\n` +
          String.raw`REPORT RequestId: ${id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t` +
          String.raw`Max Memory Used: [1-9]\d* MB\tInit Duration: [\d.]+ ms\t\n$`,
      ),
    );
    expect((await container.invoke({})).log).not.toContain('Init Duration');
  });

  it('has the whole output of a function that prints 3 MB', async () => {
    const { log } = await runOnce('process.stdout.write("x".repeat(3e6)); console.log(" printed")');
    expect(log).toMatch(/^START .*\nx+ printed\nEND .*\nREPORT .*\n$/);
    expect(log.length).toBeGreaterThan(3e6);
  });

  it('has less than 10 MB, however much the function prints', async () => {
    const { log } = await runOnce('for (let i = 0; i < 20; i += 1) process.stdout.write("x".repeat(1e6));');
    expect(log.length).toBeLessThan(10e6);
    expect(log).toMatch(/x\n?END .*\nREPORT .*\n$/);
  });

  it('has only Lambda’s lines if the function suppresses its output', async () => {
    const { log } = await runOnce('process.stdout.write = () => true; console.log("lost"); return 1');
    expect(log).toMatch(/^START .*\nEND .*\nREPORT .*\n$/);
  });
});

describe('an invocation', () => {
  it('may have an event and an answer almost as large as Lambda allows', async () => {
    // 6,000,002 bytes of JSON. The limit is 6,291,456 for an event and 6,291,556 for an answer.
    const event = 'ü'.repeat(3e6);
    expect(answerOf(await runOnce('return event', {}, event))).toBe(event);
  });

  it('fails and ends the container if the function writes to the runtime’s channel', async () => {
    const body = 'require("fs").writeSync(3, "not a message\\n"); return 1;';
    expect(answerOf(await runOnce(body, { timeoutSeconds: 1 }))).toHaveProperty('errorType');
    expect(containers.at(-1)?.isAlive).toBe(false);
  });
});

describe('a function that fails', () => {
  const UNHANDLED_REJECTION = 'Runtime.UnhandledPromiseRejection';
  const USE_ALL_MEMORY = 'const all = []; for (;;) all.push(new Array(1e5).fill({}))';

  it.each([
    ['throws', 'throw new TypeError("bad event")', 'TypeError', /^bad event$/],
    ['ignores a rejection', `Promise.reject(new Error("lost")); ${WAIT}`, UNHANDLED_REJECTION, /^Error: lost$/],
    ['throws later', `setTimeout(() => { throw new RangeError("late") }); ${WAIT}`, 'RangeError', /^late$/],
    ['exits', 'process.exit(1)', 'Runtime.ExitError', /^RequestId: \S+ Error: Runtime exited with .* exit status 1$/],
    ['uses all its memory', USE_ALL_MEMORY, 'Runtime.ExitError', /Runtime exited with error: signal: aborted$/],
    ['times out', WAIT, 'Sandbox.Timedout', /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/],
    ['never yields the CPU', 'for (;;);', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds$/],
  ])('returns Lambda’s error if it %s', async (cause, body, errorType, errorMessage) => {
    // Using all memory takes several seconds.
    const timeoutSeconds = cause.includes('memory') ? 20 : 1;
    const { functionError, payload } = await runOnce(body, { timeoutSeconds });
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
    // A handler that throws leaves its container alive; every other failure ends it.
    expect(containers.at(-1)?.isAlive).toBe(cause === 'throws');
  });

  it('ends after an uncaught error, even if it replaced process.exit', async () => {
    const late = 'setTimeout(() => { throw new Error("late"); });';
    const invocation = await runOnce(`process.exit = () => undefined; ${late} ${WAIT}`, { timeoutSeconds: 1 });
    expect(invocation.functionError).toBe('Unhandled');
    expect(answerOf(invocation)).toMatchObject({ errorType: 'Error', errorMessage: 'late' });
    expect(containers.at(-1)?.isAlive).toBe(false);
  });

  it('keeps the log that it wrote before the failure', async () => {
    const { log } = await runOnce('console.log("almost"); process.exit(1)');
    expect(log).toMatch(/\nalmost\nRequestId: \S+ Error: .* exit status 1\nRuntime\.ExitError\nEND .*\nREPORT .*\n$/);
  });

  it.each([
    ['throws while it loads', 'throw new RangeError("no DB_HOST")', 'RangeError', /^no DB_HOST$/],
    ['exits while it loads', 'process.exit(3)', 'Runtime.ExitError', /exit status 3$/],
  ])('answers the first event with its error if it %s', async (_what, source, errorType, errorMessage) => {
    const container = await start(source);
    expect(container.isAlive).toBe(false);
    const error = { errorType, errorMessage: expect.stringMatching(errorMessage) };
    expect(answerOf(await container.invoke({}))).toMatchObject(error);
  });
});

describe('a function that times out', () => {
  it.each([
    ['holds the function’s output open', 'sleep 60'],
    ['is in another session and holds the function’s output open', 'setsid sleep 60'],
    ['is in another session and has lost its parent', 'setsid sh -c "sleep 60 & exit"; sleep 60'],
  ])('has no child process left after its container stops, not even one that %s', async (_what, command) => {
    const script = JSON.stringify(`${command} & echo started`);
    const spawn = `require("child_process").spawn("sh", ["-c", ${script}], { stdio: "inherit" });`;
    const { payload } = await runOnce(`${spawn} ${WAIT}`, { timeoutSeconds: 1 });
    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    await containers.at(-1)?.stop();
    while (processesOfNewest().length > 0) await sleep(20);
  });

  it('ends even if it replaced functions of process, such as exit and emit', async () => {
    const names = ['stdout.write', 'stderr.write', 'exit', 'send', 'emit'];
    const replaced = names.map((name) => `process.${name} = () => true;`).join(' ');
    const { payload } = await runOnce(`${replaced} ${WAIT}`, { timeoutSeconds: 1 });
    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });
});

describe('between two events', () => {
  it('all JavaScript in the process stands still', async () => {
    const container = await start('let ticks = 0; setInterval(() => ++ticks, 1); exports.handler = async () => ticks;');
    const before = answerOf(await container.invoke({}));
    await sleep(100);
    expect(answerOf(await container.invoke({})) - before).toBeLessThan(10);
  });

  it('the process and its child processes stop; they continue with the next event and end with the container', async () => {
    const container = await start(
      'const child = require("child_process").spawn("sleep", ["60"]); exports.handler = async () => [process.pid, child.pid];',
    );
    const pids: number[] = answerOf(await container.invoke({}));
    while (!pids.every((pid) => stateOf(pid) === 'T')) await sleep(10);
    await container.invoke({});
    expect(pids.map(stateOf)).not.toContain('T');
    await container.stop();
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('an unhandled rejection ends the process but does not change the sent answer', async () => {
    const container = await start('exports.handler = async () => { Promise.reject(new Error("lost")); return 1; };');
    expect(answerOf(await container.invoke({}))).toBe(1);
    // On a slow machine the process is frozen before it can end. In that case it ends at the next event.
    await sleep(1_000);
    if (container.isAlive) await container.invoke({});
    while (container.isAlive) await sleep(10);
  });

  it('a timer that becomes due is not lost', async () => {
    const container = await start(
      'let fired; exports.handler = async () => { const previous = fired; fired ??= new Promise((done) => setTimeout(done, 20, "fired")); return previous; };',
    );
    await container.invoke({});
    await sleep(50);
    expect(answerOf(await container.invoke({}))).toBe('fired');
  });
});

describe('a stopped container', () => {
  it('has no process and no files', async () => {
    const container = await start('exports.handler = async () => 1;');
    expect(existsSync(newestFolder())).toBe(true);
    await container.stop();
    expect(container.isAlive).toBe(false);
    expect(existsSync(newestFolder())).toBe(false);
  });

  it('sends no signal if it is stopped again, because its process ids may belong to other processes', async () => {
    const container = await start('exports.handler = async () => 1;');
    await container.stop();
    const kill = jest.spyOn(process, 'kill');
    await container.stop();
    expect(kill).not.toHaveBeenCalled();
    kill.mockRestore();
  });
});

describe('the connections of a function', () => {
  let server: Server;
  const callers: string[] = [];

  beforeAll(async () => {
    server = createServer((socket) => {
      callers.push(socket.remoteAddress ?? '');
      // The TLS client resets the connection, because this answer is not TLS.
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => server.close());

  it.each([
    ['net', 'require("net").connect(port, host, done).on("close", done)'],
    ['net with options', 'require("net").createConnection({ port, host }).resume().on("close", done)'],
    ['a socket', 'new (require("net").Socket)().connect(port, host).resume().on("close", done)'],
    ['tls', 'require("tls").connect({ port, host }).on("error", done)'],
    ['http', 'require("http").get({ port, host }, done)'],
    ['fetch', 'fetch(`http://${host}:${port}`).then(done)'],
  ])('by %s, to a host name or to an IP address, come from the container’s address', async (_way, connect) => {
    callers.length = 0;
    const { port } = server.address() as AddressInfo;
    const attachment = { address: '127.0.2.7', hosts: { 'db.example.com': '127.0.0.1' } };
    const body = `const { hosts, port } = event; for (const host of hosts) await new Promise((done) => ${connect});`;
    const { payload } = await runOnce(body, { attachment }, { port, hosts: ['db.example.com', '127.0.0.1'] });
    expect(payload).toBe('null');
    // The function may answer as soon as it is connected, before this process has accepted the connection.
    while (callers.length < 2) await sleep(10);
    expect(callers).toEqual(['127.0.2.7', '127.0.2.7']);
  });
});
