import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../lambda/aws-error';
import { LATEST } from '../lambda/deployment';
import type { Invocation } from '../lambda/invocation';
import type { Lambda } from '../lambda/lambda';
import type { WholeRequest } from '../http/exchange';

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** A response contains at most this many bytes from the end of the log, if the request asks for the log. */
const LOG_TAIL_BYTES = 4096;

/** A call to Lambda's Invoke. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface InvokeRequest {
  /** Name, ARN or partial ARN; each may end with a qualifier. */
  readonly name: string;
  readonly qualifier: string | null;
}

/** Reads an Invoke; `undefined` for any other request to the local AWS. */
export function toInvoke({ method, url = '/' }: IncomingMessage): InvokeRequest | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const name = PATH.exec(pathname)?.[1];
  if (method !== 'POST' || name === undefined) return undefined;
  return { name: decodeURIComponent(name), qualifier: searchParams.get('Qualifier') };
}

/** Runs the function and responds as Lambda does. If the function fails, the status is still 200, with the header X-Amz-Function-Error. */
export async function answerInvoke(
  { name, qualifier }: InvokeRequest,
  request: WholeRequest,
  response: ServerResponse,
  lambda: Lambda,
): Promise<void> {
  try {
    const invocation = await lambda.invoke(name, eventOf(request), qualifier);
    const includesLog = request.headers['x-amz-log-type'] === 'Tail';
    response.writeHead(200, headersOf(invocation, includesLog)).end(invocation.payload);
  } catch (error) {
    const { status, type, body } = errorResponseOf(error);
    response.writeHead(status, { 'Content-Type': 'application/json', 'X-Amzn-ErrorType': type }).end(body);
  }
}

function eventOf({ headers, body }: WholeRequest): unknown {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') {
    const message = `X-Amz-Invocation-Type must be RequestResponse, got ${String(type)}: the local Lambda supports no other type.`;
    throw new AwsError(400, 'InvalidParameterValueException', message);
  }
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    const message = `Could not parse request body into json: ${String(error)}`;
    throw new AwsError(400, 'InvalidRequestContentException', message);
  }
}

function headersOf({ functionError, log }: Invocation, includesLog: boolean): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': LATEST,
    ...(functionError !== undefined && { 'X-Amz-Function-Error': functionError }),
    ...(includesLog && { 'X-Amz-Log-Result': Buffer.from(log).subarray(-LOG_TAIL_BYTES).toString('base64') }),
  };
}

function errorResponseOf(error: unknown): { status: number; type: string; body: string } {
  if (error instanceof AwsError) {
    const { status, name, message, details } = error;
    return { status, type: name, body: JSON.stringify({ Type: 'User', Message: message, ...details }) };
  }
  const Message = error instanceof Error ? error.message : String(error);
  return { status: 500, type: 'ServiceException', body: JSON.stringify({ Type: 'Service', Message }) };
}
