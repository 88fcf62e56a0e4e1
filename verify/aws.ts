import { CloudFrontClient, GetDistributionCommand, type Distribution } from '@aws-sdk/client-cloudfront';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeDBProxyTargetsCommand, RDSClient, type DBProxyTarget } from '@aws-sdk/client-rds';
import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { GLOBAL_REGION } from '../contract/regions';

/** Requests to AWS. All of them only read. */
export interface Aws {
  /** Returns the alarms with these names that exist. */
  alarms(region: string, names: readonly string[]): Promise<readonly MetricAlarm[]>;
  subscriptions(topicArn: string): Promise<readonly Subscription[]>;
  proxyTargets(proxy: string): Promise<readonly DBProxyTarget[]>;
  /** Returns the environment variables of a function. */
  environment(functionName: string): Promise<Readonly<Record<string, string>>>;
  /** Returns the lines that contain `word`, from the last ten minutes of a log group. */
  logLines(group: string, word: string): Promise<readonly string[]>;
  distribution(id: string): Promise<Distribution | undefined>;
}

/** Maximum age of a log line to search. The verification only needs the lines of its own requests. */
const LOGS_SINCE_MS = 10 * 60_000;

/** Maximum number of names in one DescribeAlarms request. */
const ALARMS_PER_REQUEST = 100;

/**
 * Connects to AWS with the user's credentials, or to the local AWS, which accepts any credentials.
 *
 * @param endpoint URL of the local AWS. @default - AWS, with the credentials that the AWS CLI would use
 */
export function connectAws(region: string, endpoint?: string): Aws {
  const local = endpoint !== undefined && {
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const cloudFront = new CloudFrontClient({ region: GLOBAL_REGION, ...local });
  const lambda = new LambdaClient({ region, ...local });
  const logs = new CloudWatchLogsClient({ region, ...local });
  const rds = new RDSClient({ region, ...local });
  return {
    alarms: async (alarmRegion, names) => {
      const cloudWatch = new CloudWatchClient({ region: alarmRegion, ...local });
      const alarms: MetricAlarm[] = [];
      for (let first = 0; first < names.length; first += ALARMS_PER_REQUEST) {
        const AlarmNames = names.slice(first, first + ALARMS_PER_REQUEST);
        const { MetricAlarms = [] } = await cloudWatch.send(
          new DescribeAlarmsCommand({ AlarmNames, MaxRecords: ALARMS_PER_REQUEST }),
        );
        alarms.push(...MetricAlarms);
      }
      return alarms;
    },
    subscriptions: async (TopicArn) => {
      // SNS finds a topic only in the region that its ARN names.
      const client = new SNSClient({ region: TopicArn.split(':')[3] ?? region, ...local });
      const subscriptions: Subscription[] = [];
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
        subscriptions.push(...Subscriptions);
      }
      return subscriptions;
    },
    proxyTargets: async (DBProxyName) =>
      (await rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName }))).Targets ?? [],
    environment: async (FunctionName) => {
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      if (Environment?.Error) throw Object.assign(new Error(Environment.Error.Message), { name: 'EnvironmentError' });
      return Environment?.Variables ?? {};
    },
    logLines: async (logGroupName, word) => {
      const startTime = Date.now() - LOGS_SINCE_MS;
      const filter = { logGroupName, filterPattern: `"${word}"`, startTime };
      const lines: string[] = [];
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, filter)) {
        lines.push(...events.flatMap(({ message }) => message ?? []));
      }
      return lines;
    },
    distribution: async (Id) => (await cloudFront.send(new GetDistributionCommand({ Id }))).Distribution,
  };
}

/** Returns whether AWS answered that a resource does not exist. */
export const isMissing = (error: unknown): boolean => /NotFound|NoSuch|DoesNotExist/.test((error as Error).name);

/** Explains in one line why a request to AWS failed. */
export function whyAwsFailed(action: string, error: unknown): string {
  const { name, message } = error as Error;
  if (/Credential|Token/.test(name)) return `${message.replace(/\.$/, '')}. Log in to AWS as for a deployment`;
  if (/AccessDenied|Unauthorized|AuthorizationError/.test(name)) return `these credentials lack ${action}`;
  return `${action} failed: ${name}: ${message}`;
}
