import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { headerOf, type Header, type HttpResponse } from '../http/headers';
import type { Invocation } from '../lambda/invocation';
import { GatewayError } from './gateway-error';

/** HTTP allows only some characters in header names and values; Node.js throws on the others. */
const headerName = z.string().refine((name) => passes(() => validateHeaderName(name)));
const headerValue = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .refine((value) => passes(() => validateHeaderValue('value', value)));

/** Excludes 100 to 199: they are interim responses, so they cannot end a request. */
const statusCode = z.union([z.number(), z.string()]).transform(Number).pipe(z.int().min(200).max(599));

/**
 * The return value of a function behind a Lambda proxy integration. API Gateway accepts no other fields.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
const proxyResponse = z.strictObject({
  statusCode,
  headers: z.record(headerName, headerValue).nullish(),
  multiValueHeaders: z.record(headerName, z.array(headerValue)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Headers that API Gateway renames to `x-amzn-Remapped-…`. */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

/** Headers that API Gateway removes. */
const DROPPED = new Set(['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/**
 * Turns the return value of a function into the response for the caller.
 *
 * @param decodesBase64 whether to decode a base64 body: true if the first type in Accept is a binary media type of the API
 * @throws GatewayError INTEGRATION_FAILURE if the function failed, DEFAULT_5XX if its return value is malformed, or
 * API_CONFIGURATION_ERROR if a body to decode is invalid base64.
 */
export function proxyAnswer(invocation: Invocation, decodesBase64: boolean): HttpResponse {
  const response = parse(invocation);
  const headers = headersOf(response);
  const isBinary = response.isBase64Encoded === true && decodesBase64;
  return {
    status: response.statusCode,
    headers:
      headerOf(headers, 'content-type') === undefined ? [...headers, ['content-type', 'application/json']] : headers,
    body: isBinary ? decoded(response.body ?? '') : Buffer.from(response.body ?? ''),
  };
}

/**
 * Decodes a base64 body. The error is API Gateway's:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
function decoded(body: string): Buffer {
  if (BASE64.test(body) && body.length % 4 === 0) return Buffer.from(body, 'base64');
  throw new GatewayError('API_CONFIGURATION_ERROR', 'Unable to base64 decode the body');
}

function parse({ payload, functionError }: Invocation): z.infer<typeof proxyResponse> {
  // The status of INTEGRATION_FAILURE is 504 by default, but 502 if the function itself failed.
  if (functionError !== undefined)
    throw new GatewayError('INTEGRATION_FAILURE', `Lambda Customer Function Error: ${functionError}`, 502);
  const { data, success } = proxyResponse.safeParse(JSON.parse(payload || 'null'));
  if (!success) throw new GatewayError('DEFAULT_5XX', 'Malformed Lambda proxy response');
  return data;
}

function headersOf({ headers, multiValueHeaders }: z.infer<typeof proxyResponse>): Header[] {
  const multiValued = Object.entries(multiValueHeaders ?? {});
  const multiValuedNames = new Set(multiValued.map(([name]) => name.toLowerCase()));
  const single = Object.entries(headers ?? {}).filter(([name]) => !multiValuedNames.has(name.toLowerCase()));
  return [...single.map(([name, value]) => [name, [value]] as const), ...multiValued]
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .flatMap(([name, values]) => values.map((value) => [remapped(name), value] as const));
}

function remapped(name: string): string {
  return REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
