import { z } from 'zod';
import { headerOf, type Header } from '../http/headers';
import type { Invocation } from '../lambda/invocation';
import type { Answer } from './gateway-responses';
import { Refused } from './refused';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const proxyResponse = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What a function may not say by itself comes out under another name. */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

/** What API Gateway leaves out. */
const DROPPED = new Set(['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/**
 * Makes the answer of what a function returned.
 *
 * @param decodes whether a body in base64 goes out as bytes: the caller must accept a binary media type of the API
 * @throws Refused where the function failed, or what it returned is no answer in the format of a proxy integration.
 */
export function proxyAnswer(invocation: Invocation, decodes: boolean): Answer {
  const response = parse(invocation);
  const headers = headersOf(response);
  return {
    status: response.statusCode,
    headers:
      headerOf(headers, 'content-type') === undefined ? [...headers, ['content-type', 'application/json']] : headers,
    body: Buffer.from(response.body ?? '', response.isBase64Encoded === true && decodes ? 'base64' : 'utf8'),
  };
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
