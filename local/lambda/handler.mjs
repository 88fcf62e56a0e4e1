/**
 * Finds and calls a function's handler as Lambda's runtime for Node.js 22 does.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

const require = createRequire(import.meta.url);

class RuntimeError extends Error {
  constructor(type, message) {
    super(message);
    this.name = `Runtime.${type}`;
  }
}

/**
 * Loads a handler.
 *
 * @param task folder of the function's code, LAMBDA_TASK_ROOT
 * @param name path of the file in that folder, without extension, and the export: `folder/file.export.member`
 * @throws what the code throws while it loads, or a runtime error if there is no such handler
 */
export async function loadHandler(task, name) {
  if (name.includes('..')) {
    const problem =
      'is not a valid handler name. Use absolute paths when specifying root directories in handler names.';
    throw new RuntimeError('MalformedHandlerName', `'${name}' ${problem}`);
  }
  const [, file, path] = /^([^.]*)\.(.*)$/.exec(basename(name)) ?? [];
  if (file === undefined) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const exported = await importFile(task, dirname(name), file);
  const handler = path.split('.').reduce((value, key) => value?.[key], exported);
  if (typeof handler === 'function') return handler;
  throw new RuntimeError('HandlerNotFound', `${name} is ${handler ? 'not a function' : 'undefined or not exported'}`);
}

async function importFile(task, folder, file) {
  const path = resolve(task, folder, file);
  const isModule = isModuleFolder(dirname(path));
  const existing = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find((name) => existsSync(name));
  try {
    const isEsm = existing?.endsWith('.mjs') || (isModule && existing?.endsWith('.js'));
    if (isEsm) return await import(pathToFileURL(existing));
    return require(existing ?? require.resolve(file, { paths: [task, join(task, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error));
    const isMissing = error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND';
    throw isMissing ? new RuntimeError('ImportModuleError', `Error: ${error.message}`) : error;
  }
}

/** Whether the nearest package.json makes `.js` files ES modules. */
function isModuleFolder(folder) {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
  const isLast = basename(folder) === 'node_modules' || dirname(folder) === folder;
  return !isLast && isModuleFolder(dirname(folder));
}

/**
 * Calls a handler. The handler may answer with a promise, through its callback, or through functions of its context.
 *
 * @returns the handler's answer
 * @throws the error that the handler throws or passes to its callback or context
 */
export function callHandler(handler, event, context) {
  let onIdle;
  const listener = () => onIdle();
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const settle = (error, result) => ((error ?? null) === null ? resolve(result) : reject(error));
    const onlyFirst = (answer) => (error, result) => {
      if (!isAnswered) answer(error, result);
      isAnswered = true;
    };
    const done = onlyFirst(settle);
    const callback = onlyFirst((error, result) => {
      const waitsForIdle = (error ?? null) === null && context.callbackWaitsForEmptyEventLoop;
      if (waitsForIdle) onIdle = () => settle(null, result);
      else settle(error, result);
    });
    const isAsync = handler.constructor?.name === 'AsyncFunction';
    // Runs when the event loop is empty. Without an answer by then, an async handler fails, and any other handler answers null.
    onIdle = () => (isAsync ? reject(unsettledError()) : resolve(null));
    process.on('beforeExit', listener);
    const succeed = (result) => done(null, result);
    const fail = (error) => done(error ?? 'handled');
    const returned = handler(event, Object.assign(context, { done, succeed, fail }), callback);
    if (typeof returned?.then === 'function') returned.then(succeed, fail);
  }).finally(() => process.off('beforeExit', listener));
}

const unsettledError = () =>
  new RuntimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. A promise was never settled.',
  );

/**
 * Serialises a handler's answer as JSON; undefined or a JavaScript function becomes null.
 *
 * @throws Error if JSON.stringify throws, as for a cycle
 */
export function serialise(answer) {
  try {
    return JSON.stringify(answer ?? null) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

/** Describes a thrown value as Lambda reports it to the caller. */
export function describe(thrown) {
  try {
    if (!types.isNativeError(thrown) && !(thrown?.name && thrown.message && thrown.stack)) {
      return { errorType: typeof thrown, errorMessage: thrown.toString(), trace: [] };
    }
    return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack.split('\n') };
  } catch {
    const errorMessage =
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';
    return { errorType: 'handled', errorMessage };
  }
}
