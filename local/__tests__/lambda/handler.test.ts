import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '../../lambda/container';
import { deploymentOf, writeZip } from '../support/functions';

jest.setTimeout(60_000);

let folder: string;
const containers: Container[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handler-'));
});

afterAll(async () => {
  await Promise.all(containers.map((container) => container.stop()));
  rmSync(folder, { recursive: true });
});

/** Invokes a function with these files. @returns its answer, or its error as `thrown` */
async function answerOf(files: Readonly<Record<string, string>>, handler = 'index.handler'): Promise<any> {
  const zip = writeZip(folder, files).path;
  const deployment = deploymentOf(folder, '', { zip, handler, timeoutSeconds: 2 });
  const container = await Container.start(deployment, join(folder, `c${containers.length}`));
  containers.push(container);
  const { payload, functionError } = await container.invoke({ name: 'event' });
  return functionError === undefined ? JSON.parse(payload) : { thrown: JSON.parse(payload) };
}

const answerOfSource = (source: string): Promise<any> => answerOf({ 'index.js': source });

const COMMON_JS = "exports.handler = async () => 'cjs';";
const ES_MODULE = "import { basename } from 'node:path'; export const handler = async () => basename('a/esm');";
const TOP_LEVEL_AWAIT = "const answer = await Promise.resolve('late'); export const handler = async () => answer;";
const ESM_PACKAGE = '{"type":"module"}';

describe('a handler', () => {
  it.each<[where: string, files: Record<string, string>, handler: string, answer: string]>([
    ['an .mjs file', { 'index.mjs': ES_MODULE }, 'index.handler', 'esm'],
    ['a .cjs file', { 'index.cjs': COMMON_JS, 'package.json': ESM_PACKAGE }, 'index.handler', 'cjs'],
    ['a .js file of an ESM package', { 'index.js': ES_MODULE, 'package.json': ESM_PACKAGE }, 'index.handler', 'esm'],
    ['.js rather than .mjs', { 'index.js': COMMON_JS, 'index.mjs': ES_MODULE }, 'index.handler', 'cjs'],
    ['a folder', { 'src/api/index.js': COMMON_JS }, 'src/api/index.handler', 'cjs'],
    ['a folder whose path begins with ./', { 'src/index.mjs': ES_MODULE }, './src/index.handler', 'esm'],
    ['a folder of ESM modules', { 'a/index.js': ES_MODULE, 'package.json': ESM_PACKAGE }, 'a/index.handler', 'esm'],
    ['a package', { 'node_modules/lib/index.js': COMMON_JS }, 'lib.handler', 'cjs'],
    ['a member of an export', { 'index.js': "exports.a = { b: async () => 'nested' };" }, 'index.a.b', 'nested'],
    ['a module with a top-level await', { 'index.mjs': TOP_LEVEL_AWAIT }, 'index.handler', 'late'],
  ])('is found in %s', async (_where, files, handler, answer) => {
    expect(await answerOf(files, handler)).toBe(answer);
  });

  it('in a .js file is CommonJS if the zip has no package.json, even if a folder above the unpacked zip declares ES modules', async () => {
    writeFileSync(join(folder, 'package.json'), ESM_PACKAGE);
    expect(await answerOf({ 'index.js': COMMON_JS })).toBe('cjs');
    rmSync(join(folder, 'package.json'));
  });

  it.each<[what: string, files: Record<string, string>, handler: string, error: string]>([
    ['no dot in its name', { 'a.js': COMMON_JS }, 'a', 'MalformedHandlerName: Bad handler'],
    [
      'a path outside the zip',
      { 'a.js': COMMON_JS },
      '../a.b',
      "MalformedHandlerName: '../a.b' is not a valid handler",
    ],
    ['a missing file', { 'a.js': COMMON_JS }, 'src/a.b', "ImportModuleError: Error: Cannot find module 'a'"],
    ['a missing import', { 'a.mjs': "import 'lib';" }, 'a.b', "ImportModuleError: Error: Cannot find package 'lib'"],
    ['a syntax error', { 'a.js': 'exports.b = {' }, 'a.b', 'UserCodeSyntaxError: SyntaxError: Unexpected end of input'],
    ['a name that is not exported', { 'a.mjs': ES_MODULE }, 'a.b', 'HandlerNotFound: a.b is undefined or not exported'],
    ['an export that is not a function', { 'a.js': 'exports.b = 1;' }, 'a.b', 'HandlerNotFound: a.b is not a function'],
  ])('with %s fails with the error that Lambda reports', async (_what, files, handler, error) => {
    const { thrown } = await answerOf(files, handler);
    expect(`${thrown.errorType}: ${thrown.errorMessage}`).toContain(`Runtime.${error}`);
  });
});

describe('a handler that is not async', () => {
  const answerOfBody = (body: string): Promise<any> =>
    answerOfSource(`exports.handler = (event, context, callback) => { ${body} };`);

  it.each([
    ['by its callback', 'setTimeout(() => callback(null, event.name), 10)', 'event'],
    ['by the first call of its callback', 'callback(null, 1); callback(null, 2)', 1],
    [
      'only when the event loop is empty',
      'let done = 0; const answer = {}; setTimeout(() => { answer.done = 1; }, 50); callback(null, answer)',
      { done: 1 },
    ],
    [
      'at once if callbackWaitsForEmptyEventLoop is false',
      'context.callbackWaitsForEmptyEventLoop = false; setInterval(() => undefined, 1000); callback(null, "early")',
      'early',
    ],
    ['by its context', 'setInterval(() => undefined, 1000); context.succeed("done")', 'done'],
    ['by a promise', 'return Promise.resolve("promised")', 'promised'],
    ['null if it uses neither callback nor context and returns no promise', 'return "not this"', null],
  ])('answers %s', async (_how, body, answer) => {
    expect(await answerOfBody(body)).toEqual(answer);
  });

  it.each([
    ['an error that its callback gets', 'callback(new RangeError("out of range"))', 'RangeError', 'out of range'],
    ['text that its callback gets', 'callback("out of range")', 'string', 'out of range'],
    ['an error that its context gets', 'context.fail(new RangeError("out of range"))', 'RangeError', 'out of range'],
    ['a default error if its context gets none', 'context.fail()', 'string', 'handled'],
    ['the error that it throws', 'throw new TypeError("bad")', 'TypeError', 'bad'],
  ])('fails with %s', async (_what, body, errorType, errorMessage) => {
    expect(await answerOfBody(body)).toEqual({ thrown: expect.objectContaining({ errorType, errorMessage }) });
  });
});

describe('an async handler', () => {
  it.each([
    ['text', '"plain"', 'string', 'plain'],
    ['an object', '{ a: 1 }', 'object', '[object Object]'],
    ['an object with the properties of an error', '{ name: "N", message: "m", stack: "s" }', 'N', 'm'],
    ['null', 'null', 'string', 'handled'],
  ])('that throws %s fails with the error that Lambda reports', async (_what, thrown, errorType, errorMessage) => {
    expect(await answerOfSource(`exports.handler = async () => { throw ${thrown}; };`)).toEqual({
      thrown: expect.objectContaining({ errorType, errorMessage }),
    });
  });

  it('fails if the event loop is empty before its promise settles', async () => {
    expect(await answerOfSource('exports.handler = async () => { await new Promise(() => undefined); };')).toEqual({
      thrown: expect.objectContaining({ errorType: 'Runtime.NodeJsExit' }),
    });
  });

  it.each(['10n', '(() => { const circle = {}; circle.circle = circle; return circle; })()'])(
    'whose answer cannot be JSON fails: %s',
    async (answer) => {
      expect(await answerOfSource(`exports.handler = async () => ${answer};`)).toEqual({
        thrown: expect.objectContaining({ errorMessage: 'Unable to stringify response body' }),
      });
    },
  );

  it('may answer at most 6,291,556 bytes', async () => {
    // The JSON of a string has two quotation marks.
    const answerOfBytes = (bytes: number) => answerOfSource(`exports.handler = async () => 'x'.repeat(${bytes - 2});`);
    expect(await answerOfBytes(6_291_556)).toHaveLength(6_291_554);
    expect(await answerOfBytes(6_291_557)).toEqual({
      thrown: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    });
  });
});
