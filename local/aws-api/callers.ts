import type { IncomingMessage } from 'node:http';
import { AwsError } from '../lambda/aws-error';

/**
 * Returns the error for a request whose URL or headers the control plane refuses; `undefined` for any other request.
 *
 * SECURITY: a web page in a browser on this machine can reach the control plane. The control plane checks the credentials of Lambda
 * functions, but of no other caller. The headers show that a request comes from a page. A page of another site sends Origin or
 * Sec-Fetch-Site. It cannot send the required Authorization without a preflight request, which is refused. A page whose host name resolves
 * to this machine (DNS rebinding) sends that name as Host.
 *
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 *
 * @param port port of the control plane
 */
export function callerRefusal({ url = '/', headers }: IncomingMessage, port: number): AwsError | undefined {
  const ownHosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${port}`);
  const { host = '' } = headers;
  if (!ownHosts.includes(host)) {
    return accessDenied(
      `The Host header must be ${ownHosts.join(' or ')}, got "${host}". Call the control plane at http://${ownHosts[0] ?? ''}.`,
    );
  }
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    return accessDenied('Browsers may not call the control plane. Use the AWS CLI or an SDK.');
  }
  if (headers.authorization === undefined) {
    return new AwsError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return isAwsPath(url) ? undefined : new AwsError(404, 'UnknownOperationException', `${url} is not a path of AWS.`);
}

const accessDenied = (message: string): AwsError => new AwsError(403, 'AccessDeniedException', message);

/** SECURITY: blocks moto's own API, which can delete everything. Like moto, this decodes escapes and ignores doubled slashes. */
function isAwsPath(url: string): boolean {
  try {
    return url.startsWith('/') && !/^\/+moto-api\b/.test(decodeURIComponent(url.replace(/\?.*/, '')));
  } catch {
    return false;
  }
}
