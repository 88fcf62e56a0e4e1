import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Invocation } from '../lambda/container';
import { getFunction } from './applied-function';
import { AwsError, type AwsApi } from './aws-api';
import type { Runtime } from './runtime';

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** So much of the log's end comes back with an answer, if it is asked for. */
const LOG_TAIL_BYTES = 4096;

/** A call of Lambda's Invoke. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface Invoke {
  /** Name or ARN, URL-encoded. */
  readonly name: string;
  readonly qualifier: string | null;
  /** Who knows the function. */
  readonly lambda: AwsApi;
}

/** Reads a request to Lambda; `undefined` where it is no Invoke. */
export function toInvoke({ method, url = '/', headers }: IncomingMessage, upstream: string): Invoke | undefined {
  const { pathname, searchParams } = new URL(url, upstream);
  const name = PATH.exec(pathname)?.[1];
  if (method !== 'POST' || name === undefined) return undefined;
  // The region stands nowhere but in the scope of the signature.
  const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'us-east-1';
  return { name, qualifier: searchParams.get('Qualifier'), lambda: { url: upstream, service: 'lambda', region } };
}

/** Runs the function and answers as Lambda does: what the function throws is an answer too, marked by a header. */
export async function answerInvoke(
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
  runtime: Runtime,
): Promise<void> {
  try {
    const event = await eventOf(request);
    const applied = await getFunction(invoke.lambda, invoke.name, invoke.qualifier);
    const invocation = await runtime.invoke(invoke.lambda, applied, event);
    const withLog = request.headers['x-amz-log-type'] === 'Tail';
    response.writeHead(200, headersOf(invocation, applied.Version, withLog)).end(invocation.payload);
  } catch (error) {
    const { status, type, body } = refusalOf(error);
    response.writeHead(status, { 'Content-Type': 'application/json', 'X-Amzn-ErrorType': type }).end(body);
  }
}

/** A request that Lambda would not take, in its words. */
class Refused extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

async function eventOf(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') {
    throw new Refused(
      'InvalidParameterValueException',
      `The local Lambda invokes RequestResponse, not ${String(type)}`,
    );
  }
  const body = await text(request);
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch (error) {
    throw new Refused('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
}

function headersOf({ functionError, log }: Invocation, version: string, withLog: boolean): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': version,
    ...(functionError !== undefined && { 'X-Amz-Function-Error': functionError }),
    ...(withLog && { 'X-Amz-Log-Result': Buffer.from(log).subarray(-LOG_TAIL_BYTES).toString('base64') }),
  };
}

function refusalOf(error: unknown): { status: number; type: string; body: string } {
  if (error instanceof AwsError) return { status: error.status, type: error.type, body: error.body };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refused) {
    return { status: 400, type: error.name, body: JSON.stringify({ Type: 'User', Message: message }) };
  }
  return { status: 500, type: 'ServiceException', body: JSON.stringify({ Type: 'Service', Message: message }) };
}
