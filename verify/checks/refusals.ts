import { KEY_HEADER } from '../../contract/api';
import { bodyOf, describe, type Answer } from '../answer';
import type { CallOptions } from '../caller';
import { byCalling, directUrlOf, urlOf, type Check, type Context } from '../check';
import { checked, type Row } from '../row';
import { listOf } from './routes';

const WRONG_KEY = { [KEY_HEADER]: 'wrong' };

const NO_KEY = '403 The API key is missing or wrong.';

/** Methods that no route supports. */
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A request that must be refused, and the expected answer. */
interface Refusal {
  readonly what: string;
  readonly url: string;
  readonly options?: CallOptions;
  readonly expected: string;
  readonly describe?: (answer: Answer) => string;
}

/** Checks that forbidden and invalid requests are refused. */
export const refusals: Check = {
  title: 'Refusals',
  rows: async function* (context) {
    const paths = context.outputs.deployed.routes.map(({ path }) => path);
    for (const refusal of paths.flatMap((path) => withoutKey(context, path))) yield await refused(context, refusal);
    for (const refusal of notAllowed(context, paths)) yield await refused(context, refusal);
    for (const refusal of paths.flatMap((path) => badInput(context, path))) yield await refused(context, refusal);
    if (paths[0] !== undefined) yield await ownKey(context, paths[0]);
  },
};

function refused({ caller }: Context, refusal: Refusal): Promise<Row> {
  const { what, url, options, expected, describe: words = describe } = refusal;
  return byCalling(
    what,
    expected,
    () => caller.call(url, options),
    (answer) => checked(what, expected, words(answer)),
  );
}

/** Requests to API Gateway that bypass CloudFront, which adds the key. */
function withoutKey(context: Context, path: string): Refusal[] {
  const url = directUrlOf(context, path);
  const expected = NO_KEY;
  const [method, headers] = ['HEAD', WRONG_KEY];
  const describe = ({ status }: Answer): string => String(status);
  return [
    { what: `GET ${path} at API Gateway without a key`, url, expected },
    { what: `GET ${path} at API Gateway with a wrong key`, url, options: { headers }, expected },
    { what: `HEAD ${path} at API Gateway without a key`, url, options: { method }, expected: '403', describe },
  ];
}

function notAllowed(context: Context, [path = '/']: readonly string[]): Refusal[] {
  const describe = ({ status }: Answer): string => String(status);
  return [
    ...METHODS.map((method) => ({
      what: `${method} ${path}`,
      url: urlOf(context, path),
      options: { method },
      expected: '403',
      describe,
    })),
    { what: 'GET /no-such-route', url: urlOf(context, '/no-such-route'), expected: '404 There is no such route.' },
  ];
}

function badInput(context: Context, path: string): Refusal[] {
  const parameters =
    listOf(path) === undefined
      ? ['limit=1']
      : ['limit=0', 'limit=1001', 'limit=1.5', 'limit=1&limit=2', 'cursor=nonsense', 'page=1'];
  return parameters.map((query) => ({
    what: `GET ${path}?${query}`,
    url: urlOf(context, `${path}?${query}`),
    expected: '400 with a reason and the request id',
    describe: reasoned,
  }));
}

function reasoned(answer: Answer): string {
  const { error, requestId } = bodyOf(answer);
  const isWhole = typeof error === 'string' && error !== '' && requestId === answer.headers['x-request-id'];
  return answer.status === 400 && isWhole ? '400 with a reason and the request id' : describe(answer);
}

/** CloudFront replaces the caller's key, so that key must have no effect. */
function ownKey(context: Context, path: string): Promise<Row> {
  const what = `HEAD ${path} with the caller’s own key`;
  const [expected, method] = ['200', 'HEAD'];
  return byCalling(
    what,
    expected,
    () => context.caller.call(urlOf(context, path), { method, headers: WRONG_KEY }),
    ({ status }) => checked(what, expected, String(status)),
  );
}
