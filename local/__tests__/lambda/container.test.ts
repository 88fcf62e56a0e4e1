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

/** Runs this handler body once, in a new container. */
const run = async (body: string, change?: Partial<DeployedFunction>, event: unknown = {}): Promise<Invocation> =>
  (await start(`exports.handler = async (event, context) => { ${body} };`, change)).invoke(event);

/** State of a process, `T` for stopped, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; `undefined` if it is gone. */
function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.slice(0, 1);
  } catch {
    return undefined;
  }
}

const isRunning = (pid: number): boolean => ![undefined, 'Z'].includes(stateOf(pid));

/** Ids of the processes that a container's function started. */
function processesOf(container: string): string[] {
  const mark = `LAMBDA_TASK_ROOT=${container}/task`;
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(mark));
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
    const invocation = await run(
      'return { event, context, remaining: context.getRemainingTimeInMillis() }',
      {},
      { a: [1, 'ü'] },
    );
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
    expect(remaining).toBeLessThanOrEqual(10_000);
    expect(invocation.log).toContain(`END RequestId: ${context.awsRequestId}\n`);
  });

  it('has the deployed environment variables and none of this machine', async () => {
    process.env['AWS_PROFILE'] = 'somebody';
    const environment = { DB_CA_FILE: '/opt/certs/rds.pem', AWS_LAMBDA_FUNCTION_NAME: 'another' };
    const found = answerOf(await run('return process.env', { environment }));
    expect(Object.keys(found).sort()).toEqual([
      'AWS_DEFAULT_REGION',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'DB_CA_FILE',
      'LAMBDA_RUNTIME_DIR',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'NODE_PATH',
      'PATH',
      'TZ',
      '_HANDLER',
    ]);
    expect(found).toMatchObject({
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      DB_CA_FILE: expect.stringMatching(/c\d+\/opt\/certs\/rds\.pem$/),
    });
  });

  it('that returns undefined answers null', async () => {
    expect((await run('')).payload).toBe('null');
  });

  it('keeps its module state for the next event', async () => {
    const container = await start('let calls = 0; exports.handler = async () => ++calls;');
    expect([answerOf(await container.invoke({})), answerOf(await container.invoke({}))]).toEqual([1, 2]);
  });
});

describe('the log of an invocation', () => {
  it('has the function’s lines in order, between Lambda’s lines', async () => {
    const container = await start(
      'console.log("loads"); exports.handler = async () => { console.log("a"); console.error("b"); console.log("c"); };',
    );
    const id = String.raw`[\da-f-]{36}`;
    const { log } = await container.invoke({});
    expect(log).toMatch(
      new RegExp(
        String.raw`^loads\nSTART RequestId: ${id} Version: \$LATEST\na\nb\nc\nEND RequestId: ${id}\n` +
          String.raw`REPORT RequestId: ${id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t` +
          String.raw`Max Memory Used: [1-9]\d* MB\tInit Duration: [\d.]+ ms\t\n$`,
      ),
    );
    expect((await container.invoke({})).log).not.toContain('Init Duration');
  });

  it('has all output of the function, also large output', async () => {
    const { log } = await run('process.stdout.write("x".repeat(3e6)); console.log(" printed")');
    expect(log).toMatch(/^START .*\nx+ printed\nEND .*\nREPORT .*\n$/);
    expect(log.length).toBeGreaterThan(3e6);
  });

  it('is limited in memory, however much the function prints', async () => {
    const { log } = await run('for (let i = 0; i < 20; i += 1) process.stdout.write("x".repeat(1e6));');
    expect(log.length).toBeLessThan(10e6);
    expect(log).toMatch(/x\n?END .*\nREPORT .*\n$/);
  });

  it('ends with Lambda’s lines if the function suppresses its output', async () => {
    const { log } = await run('process.stdout.write = () => true; console.log("lost"); return 1');
    expect(log).toMatch(/^START .*\nEND .*\nREPORT .*\n$/);
  });
});

describe('an event and its answer', () => {
  it('may be as large as Lambda’s limits', async () => {
    const event = 'ü'.repeat(3e6);
    expect(answerOf(await run('return event', {}, event))).toBe(event);
  });

  it('cannot be forged by a function that writes to the runtime’s channel', async () => {
    const container = await start(
      'exports.handler = async () => { require("fs").writeSync(3, "not a message\\n"); return 1; };',
      { timeoutSeconds: 1 },
    );
    expect(answerOf(await container.invoke({}))).toHaveProperty('errorType');
    expect(container.isAlive).toBe(false);
  });
});

describe('a function that fails', () => {
  it.each([
    ['throws', 'throw new TypeError("bad event")', /^TypeError$/, /^bad event$/],
    [
      'does not handle a rejected promise',
      'Promise.reject(new Error("lost")); await new Promise(() => {})',
      /^Runtime\.UnhandledPromiseRejection$/,
      /^Error: lost$/,
    ],
    [
      'throws an uncaught error',
      'setTimeout(() => { throw new RangeError("late") }); await new Promise(() => {})',
      /^RangeError$/,
      /^late$/,
    ],
    [
      'exits',
      'process.exit(1)',
      /^Runtime\.ExitError$/,
      /^RequestId: \S+ Error: Runtime exited with error: exit status 1$/,
    ],
    [
      'exits with status 0',
      'process.exit(0)',
      /^Runtime\.ExitError$/,
      /^RequestId: \S+ Error: Runtime exited without providing a reason$/,
    ],
    [
      'is killed',
      'process.kill(process.pid, "SIGKILL"); await new Promise(() => {})',
      /^Runtime\.ExitError$/,
      /Runtime exited with error: signal: killed$/,
    ],
    [
      'uses all its memory',
      'const all = []; for (;;) all.push(new Array(1e5).fill({}))',
      /^Runtime\.ExitError$/,
      /Runtime exited with error: signal: aborted$/,
    ],
    [
      'times out',
      'await new Promise((done) => setTimeout(done, 60_000))',
      /^Sandbox\.Timedout$/,
      /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/,
    ],
    ['never yields the CPU', 'for (;;);', /^Sandbox\.Timedout$/, /Task timed out after 1\.00 seconds$/],
  ])('because it %s reports Lambda’s error', async (what, body, errorType, errorMessage) => {
    const timeoutSeconds = what.includes('memory') ? 20 : 1;
    const { functionError, payload } = await run(body, { timeoutSeconds });
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toMatchObject({
      errorType: expect.stringMatching(errorType),
      errorMessage: expect.stringMatching(errorMessage),
    });
    // Only a container whose handler threw handles the next event; the others ended.
    expect(containers.at(-1)?.isAlive).toBe(what === 'throws');
  });

  it.each([
    ['holds its output open', 'sleep 60'],
    ['left its group and holds its output open', 'setsid sleep 60'],
    ['left its group and lost its parent', 'setsid sh -c "sleep 60 & exit"; sleep 60'],
  ])('by a timeout ends with its children: a child that %s', async (_what, command) => {
    const spawned = `require("child_process").spawn("sh", ["-c", ${JSON.stringify(`${command} & echo started`)}], { stdio: "inherit" })`;
    const { payload } = await run(`${spawned}; await new Promise((done) => setTimeout(done, 60_000));`, {
      timeoutSeconds: 1,
    });
    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    const container = containers.at(-1);
    await container?.stop();
    while (processesOf(join(folder, `c${containers.length - 1}`)).length > 0) await sleep(20);
  });

  it('by a timeout ends even if it replaced the output functions', async () => {
    const nothing = ['stdout.write', 'stderr.write', 'exit', 'send', 'emit'].map(
      (name) => `process.${name} = () => true;`,
    );
    const { payload } = await run(`${nothing.join(' ')} await new Promise((done) => setTimeout(done, 60_000));`, {
      timeoutSeconds: 1,
    });
    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  it('by a timeout ends even if it replaced process.exit', async () => {
    const { functionError } = await run(
      'process.exit = () => undefined; setTimeout(() => { throw new Error("late"); }); await new Promise((done) => setTimeout(done, 60_000));',
      { timeoutSeconds: 1 },
    );
    expect(functionError).toBe('Unhandled');
    expect(containers.at(-1)?.isAlive).toBe(false);
  });

  it('keeps the log from before its end', async () => {
    const { log } = await run('console.log("almost"); process.exit(1)');
    expect(log).toMatch(/\nalmost\nRequestId: \S+ Error: .* exit status 1\nRuntime\.ExitError\nEND .*\nREPORT .*\n$/);
  });

  it.each([
    ['lacks the file', 'missing.handler', '', 'Runtime.ImportModuleError', /^Error: Cannot find module/],
    [
      'lacks the exported handler',
      'index.missing',
      '',
      'Runtime.HandlerNotFound',
      /^index\.missing is undefined or not exported$/,
    ],
    ['throws while it loads', 'index.handler', 'throw new RangeError("no DB_HOST")', 'RangeError', /^no DB_HOST$/],
    ['exits while it loads', 'index.handler', 'process.exit(3)', 'Runtime.ExitError', /exit status 3$/],
  ])('because it %s reports it at the first event', async (_what, handler, source, errorType, errorMessage) => {
    const container = await start(source, { handler });
    expect(container.isAlive).toBe(false);
    expect(answerOf(await container.invoke({}))).toMatchObject({
      errorType,
      errorMessage: expect.stringMatching(errorMessage),
    });
  });
});

describe('between two events', () => {
  it('all JavaScript in the process stands still', async () => {
    const container = await start('let ticks = 0; setInterval(() => ++ticks, 1); exports.handler = async () => ticks;');
    const before = answerOf(await container.invoke({}));
    await sleep(100);
    expect(answerOf(await container.invoke({})) - before).toBeLessThan(10);
  });

  it('all its threads and child processes stop, and continue with the next event', async () => {
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
    // On a slow machine it freezes before it ends; then it ends at its next event.
    await sleep(1_000);
    if (container.isAlive) await container.invoke({});
    while (container.isAlive) await sleep(10);
  });

  it('timers expire, and fire after the thaw', async () => {
    const container = await start(
      'let fired; exports.handler = async () => { const was = fired; fired ??= new Promise((done) => setTimeout(done, 20, "fired")); return was; };',
    );
    await container.invoke({});
    await sleep(50);
    expect(answerOf(await container.invoke({}))).toBe('fired');
  });

  it('the process can be stopped, and leaves no files', async () => {
    const container = await start('exports.handler = async () => 1;');
    const files = join(folder, `c${containers.length - 1}`);
    expect(existsSync(files)).toBe(true);
    await container.stop();
    expect(container.isAlive).toBe(false);
    expect(existsSync(files)).toBe(false);
  });

  it('sends no signal after its processes ended: their numbers may belong to others', async () => {
    const container = await start('exports.handler = async () => 1;');
    await container.stop();
    const kill = jest.spyOn(process, 'kill');
    await container.stop();
    expect(kill).not.toHaveBeenCalled();
    kill.mockRestore();
  });
});

describe('connections', () => {
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
    ['net', 'await new Promise((done) => require("net").connect(port, host, done).on("close", done))'],
    [
      'net with options',
      'await new Promise((done) => require("net").createConnection({ port, host }).resume().on("close", done))',
    ],
    [
      'a socket',
      'await new Promise((done) => new (require("net").Socket)().connect(port, host).resume().on("close", done))',
    ],
    ['tls', 'await new Promise((done) => require("tls").connect({ port, host }).on("error", done))'],
    ['http', 'await new Promise((done) => require("http").get({ port, host }, done))'],
    ['fetch', 'await fetch(`http://${host}:${port}`)'],
  ])('by %s come from the container’s address, by name and by address', async (_way, connect) => {
    callers.length = 0;
    const { port } = server.address() as AddressInfo;
    const attachment = { address: '127.0.2.7', hosts: { 'db.example.com': '127.0.0.1' } };
    const source = `exports.handler = async ({ port, hosts }) => { for (const host of hosts) ${connect}; };`;
    const container = await start(source, { attachment });
    const { payload } = await container.invoke({ port, hosts: ['db.example.com', '127.0.0.1'] });
    expect(payload).toBe('null');
    // The function may answer as soon as it is connected, before this process has accepted the connection.
    while (callers.length < 2) await sleep(10);
    expect(callers).toEqual(['127.0.2.7', '127.0.2.7']);
  });
});
