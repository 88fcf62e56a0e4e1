import { setTimeout as sleep } from 'node:timers/promises';
import { requestIdOf, type Answer } from './answer';
import type { Context } from './check';

/** CloudWatch Logs shows a line some seconds after it was written. */
const READINGS = 16;
const PAUSE_MS = 500;

/**
 * Why a request failed: the answer must not tell, the logs do.
 *
 * @param functionName the function of the route
 * @returns a sentence; where the logs cannot be read, where to look
 */
export async function reasonOf(context: Context, functionName: string, answer: Answer): Promise<string> {
  const { access_log } = context.outputs.deployed;
  const group = `/aws/lambda/${functionName}`;
  const groups = [group, ...(access_log === undefined ? [] : [access_log])];
  const requestId = requestIdOf(answer);
  if (requestId === undefined) return 'CloudFront had no answer of API Gateway';
  try {
    for (let reading = 1; reading <= READINGS; reading += 1) {
      const lines = await Promise.all(groups.map((one) => context.aws.logLines(one, requestId)));
      const reason = reasonIn(lines.flat());
      if (reason !== undefined) return `Reason: ${reason}`;
      await sleep(PAUSE_MS);
    }
  } catch {
    // Without the right to read logs the sentence below still says where the reason is.
  }
  return `The log ${group} tells why, at request id ${requestId}`;
}

/** What functions and API Gateway log of an error. */
interface LogLine {
  readonly level?: string;
  /** What to check, the most likely cause first. */
  readonly check?: readonly string[];
  readonly reason?: string;
  readonly cause?: { readonly reason?: string };
  /** API Gateway writes `-` where there was none. */
  readonly integrationError?: string;
}

/** The reason in lines about one request; `undefined` where none of them has one. */
export function reasonIn(lines: readonly string[]): string | undefined {
  const read = lines.map(parse);
  const error = read.find(({ level }) => level === 'error');
  const own = error?.check?.[0] ?? error?.cause?.reason ?? error?.reason;
  if (own !== undefined) return own;
  const refused = read.find(({ integrationError = '-' }) => integrationError !== '-' && integrationError !== '');
  return refused?.integrationError;
}

function parse(line: string): LogLine {
  try {
    return Object(JSON.parse(line)) as LogLine;
  } catch {
    return {};
  }
}
