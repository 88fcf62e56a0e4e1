import { AWS_JSON } from '../../http/aws-call';
import type { WholeRequest } from '../../http/exchange';

/** Makes an `Authorization` header that names a service in its credential scope. The local AWS checks no signature. */
export function signedFor(service: string, accessKeyId = 'local'): { readonly authorization: string } {
  const scope = `${accessKeyId}/20260101/eu-central-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` };
}

/** Makes a signed request, by default a POST of `/` with an empty body. @param change replaces these defaults */
export const signedRequest = (service: string, change: Partial<WholeRequest> = {}): WholeRequest => ({
  method: 'POST',
  path: '/',
  headers: signedFor(service),
  body: Buffer.alloc(0),
  ...change,
});

/** Makes a signed request of the JSON protocol. @param target X-Amz-Target, for example `Logs_20140328.PutLogEvents` */
export function jsonRequest(
  service: string,
  target: string,
  parameters: object = {},
  accessKeyId?: string,
): WholeRequest {
  const headers = { ...signedFor(service, accessKeyId), 'x-amz-target': target, 'content-type': AWS_JSON };
  return signedRequest(service, { headers, body: Buffer.from(JSON.stringify(parameters)) });
}

/** Makes a signed request of the query protocol. */
export function queryRequest(
  service: string,
  parameters: Readonly<Record<string, string>>,
  accessKeyId?: string,
): WholeRequest {
  const headers = {
    ...signedFor(service, accessKeyId),
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  };
  return signedRequest(service, { headers, body: Buffer.from(new URLSearchParams(parameters).toString()) });
}
