/**
 * What runs a function inside its process, as Lambda's own runtime does: loads the handler, then answers one event
 * after the other that the parent process sends.
 */
import dns from 'node:dns';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { task, handler: handlerName, hosts } = JSON.parse(process.argv[2]);

// Names that exist in the VPC's DNS only. Nothing else about the network is changed.
const lookup = dns.lookup;
dns.lookup = (name, options, callback) => {
  const address = hosts[name];
  if (address === undefined) return lookup(name, options, callback);
  const answer = callback ?? options;
  const all = typeof options === 'object' && options.all;
  process.nextTick(() => (all ? answer(null, [{ address, family: 4 }]) : answer(null, address, 4)));
};

const describe = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') }
    : { errorType: 'Error', errorMessage: String(error) };

const [file, name] = handlerName.split('.');
let handler;
try {
  handler = createRequire(import.meta.url)(join(task, `${file}.js`))[name];
  if (typeof handler !== 'function') throw new Error(`${handlerName} is not a function`);
  process.send({ ready: true });
} catch (error) {
  process.send({ ready: false, error: describe(error) });
}

process.on('message', async ({ id, event, deadline }) => {
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const answer = await Promise.resolve()
    .then(() => handler(event, context))
    .then(
      (payload) => ({ id, payload: payload ?? null }),
      (error) => ({ id, error: describe(error) }),
    );
  // Answer and log go different ways; this line, which Lambda writes too, tells that the log is complete.
  process.stdout.write(`END RequestId: ${id}\n`);
  process.send(answer);
});
