import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { headerOf, type Header } from '../http/headers';
import type { Invocation } from '../lambda/invocation';
import type { Answer } from './gateway-responses';
import { Refused } from './refused';

/** HTTP allows only some characters in names and values of headers; Node.js throws on the others. */
const headerName = z.string().refine((name) => passes(() => validateHeaderName(name)));
const headerValue = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .refine((value) => passes(() => validateHeaderValue('value', value)));

/** 100 to 199 announce another answer, so they cannot be the answer itself. */
const statusCode = z.union([z.number(), z.string()]).transform(Number).pipe(z.int().min(200).max(599));

/**
 * What a function returns to a Lambda proxy integration. API Gateway accepts no other fields.
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

/** What a function may not say by itself comes out under another name. */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

/** What API Gateway leaves out. */
const DROPPED = new Set(['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/**
 * Turns what a function returned into the answer for the caller.
 *
 * @param decodes whether a body in base64 goes out as bytes: the caller must accept a binary media type of the API
 * @throws Refused 502 where the function failed or its answer is malformed, 500 where the base64 of its body is invalid.
 */
export function proxyAnswer(invocation: Invocation, decodes: boolean): Answer {
  const response = parse(invocation);
  const headers = headersOf(response);
  const isBinary = response.isBase64Encoded === true && decodes;
  return {
    status: response.statusCode,
    headers:
      headerOf(headers, 'content-type') === undefined ? [...headers, ['content-type', 'application/json']] : headers,
    body: isBinary ? decoded(response.body ?? '') : Buffer.from(response.body ?? ''),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
function decoded(body: string): Buffer {
  if (BASE64.test(body) && body.length % 4 === 0) return Buffer.from(body, 'base64');
  throw new Refused('API_CONFIGURATION_ERROR', 'Unable to base64 decode the body');
}

function parse({ payload, functionError }: Invocation): z.infer<typeof proxyResponse> {
  if (functionError !== undefined) throw new Refused('DEFAULT_5XX', `The function failed: ${functionError}`);
  const { data, success } = proxyResponse.safeParse(JSON.parse(payload || 'null'));
  if (!success) throw new Refused('DEFAULT_5XX', 'Malformed Lambda proxy response');
  return data;
}

function headersOf({ headers, multiValueHeaders }: z.infer<typeof proxyResponse>): Header[] {
  const many = Object.entries(multiValueHeaders ?? {});
  const several = new Set(many.map(([name]) => name.toLowerCase()));
  const single = Object.entries(headers ?? {}).filter(([name]) => !several.has(name.toLowerCase()));
  return [...single.map(([name, value]) => [name, [value]] as const), ...many]
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
