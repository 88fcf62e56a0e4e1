import type { HttpResponse } from '../http-response';
import { responseOf, byCalling, checked, failedRouteRow, urlOf, type Check } from '../check';

/**
 * Headers of CloudFront's policy SecurityHeadersPolicy, and the Cache-Control of the functions and API Gateway.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
 */
const HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-xss-protection': '1; mode=block',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cache-control': 'no-store',
};

const EXPECTED = Object.keys(HEADERS).join(', ');

/** Checks the headers of each route's response, and those of an error. */
export const headers: Check = {
  title: 'Headers',
  rows: async function* (context) {
    for (const { path } of context.outputs.deployed.routes) {
      const what = `answer of ${path}`;
      const response = responseOf(context, path);
      yield response ? checked(what, EXPECTED, headersIn(response)) : failedRouteRow(what, EXPECTED, path);
    }
    const call = () => context.caller.call(urlOf(context, '/no-such-route'));
    yield await byCalling('answer of /no-such-route', EXPECTED, call, headersIn);
  },
};

function headersIn({ headers: received }: HttpResponse): string {
  const wrong = Object.entries(HEADERS).filter(([name, value]) => received[name] !== value);
  const faults = wrong.map(([name]) =>
    received[name] === undefined ? `no ${name}` : `${name}: ${String(received[name])}`,
  );
  return wrong.length === 0 ? EXPECTED : faults.join(', ');
}
