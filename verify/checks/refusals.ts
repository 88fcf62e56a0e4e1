import { KEY_HEADER } from '../../contract/api';
import { bodyOf, describeResponse, requestIdOf, type HttpResponse } from '../http-response';
import type { CallOptions } from '../caller';
import { byCalling, directUrlOf, urlOf, type Check, type CheckContext } from '../check';
import { pagedListOf } from './routes';

const WRONG_KEY = { [KEY_HEADER]: 'wrong' };

const BAD_KEY = '403 The API key is missing or wrong.';
const REJECTED = '400 with a reason and the request id';

/** Methods that no route supports. */
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A request and its expected response. */
interface Refusal {
  readonly what: string;
  readonly url: string;
  readonly options?: CallOptions;
  readonly expected: string;
  /** Returns the part of the response to compare with `expected`. @default - status and reason */
  readonly seenIn?: (response: HttpResponse) => string;
}

/** Checks that forbidden and invalid requests are refused, and that CloudFront replaces a key that the caller sends. */
export const refusals: Check = {
  title: 'Refusals',
  rows: async function* (context) {
    const paths = context.outputs.deployed.routes.map(({ path }) => path);
    const requests = [
      ...paths.flatMap((path) => withoutValidKey(context, path)),
      ...notAllowed(context, paths),
      ...paths.flatMap((path) => badInput(context, path)),
      ...paths.slice(0, 1).map((path) => wrongKeyReplaced(context, path)),
    ];
    for (const { what, url, options, expected, seenIn = describeResponse } of requests) {
      yield await byCalling(what, expected, () => context.caller.call(url, options), seenIn);
    }
  },
};

/** A request whose response is compared by its status only. */
const byStatus = (what: string, url: string, options: CallOptions, expected: string): Refusal => ({
  what,
  url,
  options,
  expected,
  seenIn: ({ status }) => String(status),
});

/** Requests that go to API Gateway directly, so that CloudFront does not add the key. */
function withoutValidKey(context: CheckContext, path: string): Refusal[] {
  const url = directUrlOf(context, path);
  return [
    { what: `GET ${path} at API Gateway without a key`, url, expected: BAD_KEY },
    { what: `GET ${path} at API Gateway with a wrong key`, url, options: { headers: WRONG_KEY }, expected: BAD_KEY },
    byStatus(`HEAD ${path} at API Gateway without a key`, url, { method: 'HEAD' }, '403'),
  ];
}

/** Requests with unsupported methods or an unknown path. CloudFront refuses these methods on every path, so one path is enough. */
function notAllowed(context: CheckContext, [path = '/']: readonly string[]): Refusal[] {
  const url = urlOf(context, path);
  return [
    ...METHODS.map((method) => byStatus(`${method} ${path}`, url, { method }, '403')),
    { what: 'GET /no-such-route', url: urlOf(context, '/no-such-route'), expected: '404 There is no such route.' },
  ];
}

function badInput(context: CheckContext, path: string): Refusal[] {
  const ofPaging = ['limit=0', 'limit=1001', 'limit=1.5', 'limit=1&limit=2', 'cursor=nonsense'];
  const queries = [...(pagedListOf(path) === undefined ? [] : ofPaging), 'no-such-parameter=1'];
  return queries.map((query) => ({
    what: `GET ${path}?${query}`,
    url: urlOf(context, `${path}?${query}`),
    expected: REJECTED,
    seenIn: rejectionIn,
  }));
}

function rejectionIn(response: HttpResponse): string {
  const { error, requestId } = bodyOf(response);
  const id = requestIdOf(response);
  const hasReason = typeof error === 'string' && error !== '';
  const hasId = id !== undefined && requestId === id;
  return response.status === 400 && hasReason && hasId ? REJECTED : describeResponse(response);
}

/** A key that the caller sends must have no effect, because CloudFront replaces it. All paths have the same origin, so one is enough. */
function wrongKeyReplaced(context: CheckContext, path: string): Refusal {
  const options = { method: 'HEAD', headers: WRONG_KEY };
  return byStatus(`HEAD ${path} with a wrong key, which CloudFront replaces`, urlOf(context, path), options, '200');
}
