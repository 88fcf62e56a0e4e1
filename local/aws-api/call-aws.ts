/** Region of global services, such as IAM, CloudFront and Route 53, and of the global endpoint of STS. */
export const GLOBAL_REGION = 'us-east-1';

/** A service of the local AWS in a region. */
export interface ServiceEndpoint {
  readonly url: string;
  readonly service: string;
  readonly region: string;
}

export interface AwsRequest {
  readonly method?: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** An error response of the local AWS. */
export class AwsApiError extends Error {
  override readonly name = 'AwsApiError';

  constructor(
    service: string,
    readonly status: number,
    /** Error code in the header x-amzn-errortype; ServiceException if the response has no such header. */
    readonly type: string,
    readonly body: string,
  ) {
    super(`${service} answered ${status} ${type}: ${body}`);
  }
}

/**
 * Calls the local AWS, which reads service and region from the signature's scope and does not check the signature.
 *
 * @throws AwsApiError if the status is not 2xx.
 */
export async function callAws(
  { url, service, region }: ServiceEndpoint,
  path: string,
  { method = 'GET', headers, body = '' }: AwsRequest = {},
): Promise<Response> {
  const scope = `local/20000101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, authorization },
    ...(body !== '' && { body }),
  });
  if (response.ok) return response;
  const type = response.headers.get('x-amzn-errortype') ?? 'ServiceException';
  throw new AwsApiError(service, response.status, type, await response.text());
}
