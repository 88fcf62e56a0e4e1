import type { Distribution } from '@aws-sdk/client-cloudfront';
import { describeResponse, requestIdOf, type HttpResponse } from '../http-response';
import { byAwsRequest, byCalling, checked, urlOf, type Check, type CheckContext, type Row } from '../check';
import { firstRequest } from './routes';

/**
 * CloudFront caches these errors for 10 s if the distribution has no minimum TTL for them.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors
 */
const CACHED_BY_DEFAULT = [404, 414, 500, 501, 502, 503, 504];
const DEFAULT_SECONDS = 10;

/**
 * Checks that no caller gets a cached error of another caller. Sends two GETs to an unknown path and to each route that answered 5xx
 * in the check `routes`, and reads the minimum TTLs of the distribution.
 */
export const errorCaching: Check = {
  title: 'Error caching',
  rows: async function* (context) {
    const { routes, distribution_id: id } = context.outputs.deployed;
    const failing = routes.map(({ path }) => path).filter((path) => isServerError(context.responses.get(path)));
    for (const request of ['/no-such-route', ...failing.map(firstRequest)]) yield await callTwice(context, request);
    if (id !== undefined) yield* await checkTtls(context, id);
  },
};

const isServerError = (response: HttpResponse | undefined): boolean => response !== undefined && response.status >= 500;

function callTwice(context: CheckContext, request: string): Promise<Row> {
  const what = `GET ${request} twice`;
  const expected = 'the second answer is not from the cache';
  let first: HttpResponse;
  return byCalling(
    what,
    expected,
    async () => {
      first = await context.caller.call(urlOf(context, request));
      return context.caller.call(urlOf(context, request));
    },
    (second) =>
      isFromCache(first, second)
        ? `CloudFront answered the second request with the cached answer to the first request: ${describeResponse(second)}`
        : expected,
  );
}

/** Returns whether `second` comes from the cache. CloudFront's own errors have no `x-request-id`, so cache headers count too. */
function isFromCache(first: HttpResponse, second: HttpResponse): boolean {
  const requestId = requestIdOf(second);
  if (requestId !== undefined && requestId === requestIdOf(first)) return true;
  return second.headers.age !== undefined || /hit/i.test(String(second.headers['x-cache']));
}

function checkTtls({ aws }: CheckContext, id: string): Promise<readonly Row[]> {
  const what = 'minimum TTL of errors in the distribution';
  const expected = `0 s for ${CACHED_BY_DEFAULT.join(', ')}`;
  const request = () => aws.distribution(id);
  return byAwsRequest(what, expected, 'cloudfront:GetDistribution', request, (distribution) => [
    checked(what, expected, ttlsOf(distribution, expected)),
  ]);
}

function ttlsOf(distribution: Distribution | undefined, textIfAllZero: string): string {
  const { Items = [] } = distribution?.DistributionConfig?.CustomErrorResponses ?? {};
  const ttl = (status: number): number =>
    Items.find(({ ErrorCode }) => ErrorCode === status)?.ErrorCachingMinTTL ?? DEFAULT_SECONDS;
  const cached = CACHED_BY_DEFAULT.filter((status) => ttl(status) !== 0);
  return cached.length === 0 ? textIfAllZero : cached.map((status) => `${ttl(status)} s for ${status}`).join(', ');
}
