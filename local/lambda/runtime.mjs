/**
 * What runs a function inside its process, as Lambda's own runtime does: loads the handler, then answers one event
 * after the other that the parent process sends.
 */
import Module from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callHandler, describe, loadHandler, serialise } from './handler.mjs';
import { receive, send } from './runtime-channel.mjs';
import { takePlace } from './place.mjs';

// Until here nothing is known of the function; the process may have been started long before.
const { task, arn, place, environment } = receive();
takePlace(place);
process.chdir(task);
Object.assign(process.env, environment);
// Node.js has read NODE_PATH already.
Module._initPaths();

// One stream keeps the order of lines. What the engine itself writes before it dies takes the other.
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

/** The request that is being answered, if there is one. */
let current;

// Keeps the process while it has nothing else to wait for. During an event it does not: that the event loop is empty is
// what ends an event whose handler has not answered.
const stay = setInterval(() => undefined, 2 ** 30);

// As they were before the function came: it may put others in their places.
const { stdout } = process;
const { write } = stdout;

/** Waits until everything printed is on its way; nothing is written while this process waits for its next event. */
const flushed = () =>
  stdout.writableLength === 0 ? undefined : new Promise((done) => write.call(stdout, '', () => done()));

const logError = (what, error) =>
  write.call(
    stdout,
    `${new Date().toISOString()}\t${current ?? 'undefined'}\tERROR\t${what} \t${JSON.stringify(error)}\n`,
  );

/** Lambda tells the caller of what nobody caught, and ends the process. */
async function die(what, error, status) {
  logError(what, error);
  await flushed();
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
  current = id;
  try {
    stay.unref();
    return { payload: serialise(await callHandler(handler, event, contextOf(id, deadline))) };
  } catch (thrown) {
    const error = describe(thrown);
    logError('Invoke Error', error);
    return { error };
  } finally {
    stay.ref();
    current = undefined;
  }
}

const { handler, error } = await loadHandler(task, process.env._HANDLER).then(
  (handler) => ({ handler }),
  (thrown) => ({ error: describe(thrown) }),
);
send({ error });
for (;;) {
  // What the last event has left behind, a rejected promise for example, has its turn before everything stands still.
  await nextTurn();
  const event = receive();
  // What has come meanwhile, the end of a connection for example, has its turn before the event.
  await nextTurn();
  const { payload, error } = await answer(handler, event);
  await flushed();
  send({ error, maxMemoryKib: process.resourceUsage().maxRSS }, payload);
}
