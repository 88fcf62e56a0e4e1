import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, requestIdOf, type HttpResponse } from './http-response';
import type { CheckContext } from './check';

/** Number of attempts to read the logs, in about 8 s: CloudWatch Logs shows a line only some seconds after it was written. */
const MAX_READINGS = 16;
const PAUSE_MS = 500;

/**
 * Finds the reason of a failed request in the logs, because the response must not contain it.
 *
 * @param functionName the function of the route
 * @returns a sentence: the reason, or the log to read, or that the request did not reach API Gateway
 */
export async function loggedReasonOf(
  context: CheckContext,
  functionName: string,
  response: HttpResponse,
): Promise<string> {
  const { access_log } = context.outputs.deployed;
  const functionLog = `/aws/lambda/${functionName}`;
  const logs = [functionLog, ...(access_log === undefined ? [] : [access_log])];
  const requestId = requestIdOf(response);
  if (requestId === undefined) return 'The response has no request id, so it is not from API Gateway';
  try {
    for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
      const lines = await Promise.all(logs.map((log) => context.aws.logLines(log, requestId)));
      const reason = reasonIn(lines.flat());
      if (reason !== undefined) return `Reason: ${reason}`;
      await sleep(PAUSE_MS);
    }
  } catch {
    // If the logs cannot be read, for example without permission, the sentence below names the log.
  }
  return `See the log ${functionLog} at request id ${requestId}`;
}

/** The fields of a log line that may give the reason, from a function or API Gateway. */
interface LogLine {
  readonly level?: string;
  /** What to check, the most likely cause first. */
  readonly check?: readonly string[];
  readonly reason?: string;
  readonly cause?: { readonly reason?: string };
  /** API Gateway writes `-` if there is no error. */
  readonly integrationError?: string;
}

/** Finds the reason in the lines of one request. Returns `undefined` if none has one. */
export function reasonIn(lines: readonly string[]): string | undefined {
  const entries = lines.map((line) => bodyOf({ text: line }) as LogLine);
  const error = entries.find(({ level }) => level === 'error');
  const functionReason = error?.check?.[0] ?? error?.cause?.reason ?? error?.reason;
  if (functionReason !== undefined) return functionReason;
  const gatewayLine = entries.find(({ integrationError = '-' }) => integrationError !== '-' && integrationError !== '');
  return gatewayLine?.integrationError;
}
