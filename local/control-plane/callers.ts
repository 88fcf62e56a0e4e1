import type { IncomingMessage } from 'node:http';
import { AwsError } from '../lambda/aws-error';

/**
 * Finds out why a request is not answered, if so, by its line and headers.
 *
 * SECURITY: the control plane takes any credentials, so what may not call it is recognised otherwise. A page of a browser
 * sends an Origin or Sec-Fetch-Site, cannot sign, and where its own name was made to lead here, says so in Host
 * (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site).
 *
 * @param port of the control plane
 */
export function refusalOf({ url = '/', headers }: IncomingMessage, port: number): AwsError | undefined {
  const own = ['127.0.0.1', 'localhost'].map((name) => `${name}:${port}`);
  const { host = '' } = headers;
  if (!own.includes(host)) {
    const words = `"${host}" is not the control plane. Call it at http://${own[0] ?? ''}.`;
    return new AwsError(403, 'AccessDeniedException', words);
  }
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    return new AwsError(
      403,
      'AccessDeniedException',
      'Browsers may not call the control plane. Use the AWS CLI or an SDK.',
    );
  }
  if (headers.authorization === undefined) {
    return new AwsError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return isOfAws(url) ? undefined : new AwsError(404, 'UnknownOperationException', `${url} is no path of AWS.`);
}

/** moto's own API resets everything, and reads paths with escapes and doubled slashes as it does those without. */
function isOfAws(url: string): boolean {
  try {
    return url.startsWith('/') && !/^\/+moto-api\b/.test(decodeURIComponent(url.replace(/\?.*/, '')));
  } catch {
    return false;
  }
}
