import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../lambda/aws-error';
import { jsonResponse } from '../http/aws-call';
import { previousLog } from '../log-files';
import type { Pass, WholeResponse, WholeRequest } from '../http/exchange';

interface FilterParameters {
  readonly logGroupName?: string;
  readonly filterPattern?: string;
}

/**
 * Time at the start of a line. Every line of API Gateway begins with it. In the log of a function, only Lambda's lines about thrown
 * errors and timeouts begin with it.
 */
const TIME = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)[ \t]/;

/** The only supported filter pattern: a text in quotes. */
const QUOTED = /^"([^"]*)"$/;

export const isFilterLogEvents = ({ headers }: WholeRequest): boolean =>
  headers['x-amz-target'] === 'Logs_20140328.FilterLogEvents';

/**
 * Answers FilterLogEvents from the logs of functions and of API Gateway; moto has the log groups, but no events. Only the
 * parameters `logGroupName` and `filterPattern` have an effect. All events are on one page.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * @param pass sends a request to moto
 * @param folder folder of the logs
 * @throws AwsError if the pattern is not a text in quotes.
 */
export async function filterLogEvents(request: WholeRequest, pass: Pass, folder: string): Promise<WholeResponse> {
  const { logGroupName = '', filterPattern = '""' } = JSON.parse(request.body.toString('utf8')) as FilterParameters;
  const text = QUOTED.exec(filterPattern)?.[1];
  if (text === undefined) {
    const message = `filterPattern must be a text in quotes, got ${filterPattern}. The local AWS supports no other pattern.`;
    throw new AwsError(400, 'InvalidParameterException', message);
  }
  // moto answers with an error if it does not have the log group.
  const motoResponse = await pass(request);
  if (motoResponse.status !== 200) return motoResponse;
  const lines = filesOf(folder, logGroupName)
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const events = lines.filter((line) => line !== '' && line.includes(text)).map((line) => toEvent(line, logGroupName));
  return jsonResponse({ events, searchedLogStreams: [] });
}

/** Returns the files of a log group, the older one first. */
function filesOf(folder: string, group: string): string[] {
  const [, service, name = ''] = /^\/aws\/(lambda|apigateway)\/([\w-]+)$/.exec(group) ?? [];
  if (service === undefined) return [];
  const file = join(folder, `${service === 'lambda' ? name : 'api-gateway'}.log`);
  return [previousLog(file), file];
}

function toEvent(line: string, group: string): object {
  const [start = '', time] = TIME.exec(line) ?? [];
  const timestamp = time === undefined ? Date.now() : Date.parse(time);
  const eventId = createHash('sha256').update(line).digest('hex');
  // On AWS a message of API Gateway has only the fields of the access log format. The local file adds the time before them.
  const message = group.startsWith('/aws/apigateway/') ? line.slice(start.length) : line;
  return { message, timestamp, ingestionTime: timestamp, eventId };
}
