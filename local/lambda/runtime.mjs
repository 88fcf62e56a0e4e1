/**
 * Runs a function inside its process, as Lambda's own runtime does: loads the handler, then answers one event after the
 * other.
 */
import Module from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callHandler, describe, loadHandler, serialise } from './handler.mjs';
import { receive, send } from './runtime-channel.mjs';
import { attachToNetwork } from './attachment.mjs';

// The process may have started long before its function was known: the first message says which function to run.
const { task, arn, attachment, environment } = receive();
attachToNetwork(attachment);
process.chdir(task);
Object.assign(process.env, environment);
// Node.js read NODE_PATH only at its start. This makes Node.js read the variable again.
Module._initPaths();

// One stream keeps the lines in order. V8's output before a crash does not use `process.stderr`, so it stays on stderr.
process.stderr.write = process.stdout.write.bind(process.stdout);

function contextOf(id, deadline) {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: arn,
    awsRequestId: id,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

let currentRequestId;

// An empty event loop ends the process; this timer prevents that between events. During an event the timer is unreferenced, so that
// Node.js emits `beforeExit` once the event loop is empty. `callHandler` then ends the event.
const keepAlive = setInterval(() => undefined, 2 ** 30);

// Keeps the original stream and its method, because the code of the function may replace them.
const { stdout } = process;
const { write } = stdout;

/** Waits until all output is written. `receive` blocks the event loop, so it would delay the output until the next event. */
const flushOutput = () =>
  stdout.writableLength === 0 ? undefined : new Promise((done) => write.call(stdout, '', () => done()));

const logError = (title, error) =>
  write.call(
    stdout,
    `${new Date().toISOString()}\t${currentRequestId ?? 'undefined'}\tERROR\t${title} \t${JSON.stringify(error)}\n`,
  );

/** Reports an uncaught error to the caller and ends the process, as Lambda does. */
async function die(title, error, status) {
  logError(title, error);
  await flushOutput();
  send({ error, exiting: true });
  process.exit(status);
}
process.on('uncaughtException', (error) => die('Uncaught Exception', describe(error), 129));
process.on('unhandledRejection', (reason) => {
  const { trace } = describe(reason);
  const error = { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason), trace };
  return die('Unhandled Promise Rejection', error, 128);
});

async function answer(handler, { id, event, deadline }) {
  currentRequestId = id;
  try {
    keepAlive.unref();
    return { payload: serialise(await callHandler(handler, event, contextOf(id, deadline))) };
  } catch (thrown) {
    const error = describe(thrown);
    logError('Invoke Error', error);
    return { error };
  } finally {
    keepAlive.ref();
    currentRequestId = undefined;
  }
}

const { handler, error } = await loadHandler(task, process.env._HANDLER).then(
  (handler) => ({ handler }),
  (thrown) => ({ error: describe(thrown) }),
);
send({ error });
for (;;) {
  // The last event may have left work, for example `unhandledRejection`. Runs this work before `receive` blocks the process.
  await nextTurn();
  const event = receive();
  // Before the event, handles what arrived during the freeze, for example the end of a connection.
  await nextTurn();
  const { payload, error } = await answer(handler, event);
  await flushOutput();
  send({ error, maxMemoryKib: process.resourceUsage().maxRSS }, payload);
}
