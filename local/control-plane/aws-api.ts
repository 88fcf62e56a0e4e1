/** A service of the local AWS, in a region. */
export interface AwsApi {
  readonly url: string;
  readonly service: string;
  readonly region: string;
}

/**
 * Calls the local AWS. It tells services and regions apart by the credential scope of the signature, and checks no
 * signature.
 *
 * @throws Error with AWS's answer where it is not 2xx.
 */
export async function callAws(
  { url, service, region }: AwsApi,
  path: string,
  init: RequestInit & { readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const scope = `local/20000101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const response = await fetch(url + path, { ...init, headers: { ...init.headers, authorization } });
  if (!response.ok) throw new AwsError(service, response.status, await response.text());
  return response;
}

/** What AWS answers where it refuses a request. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    service: string,
    readonly status: number,
    readonly body: string,
  ) {
    super(`${service} answered ${status}: ${body}`);
  }
}
