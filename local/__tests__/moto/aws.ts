import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { AwsApiError, callAws, GLOBAL_REGION, type AwsRequest } from '../../aws-api/call-aws';
import { AWS_JSON } from '../../http/aws-call';

const VERSIONS = { ec2: '2016-11-15', iam: '2010-05-08', rds: '2014-10-31' } as const;

const TARGETS = {
  acm: 'CertificateManager',
  logs: 'Logs_20140328',
  secretsmanager: 'secretsmanager',
  wafv2: 'AWSWAF_20190729',
} as const;

const REGION = 'eu-central-1';

export type Parameters = Readonly<Record<string, string>>;

/** The local AWS, by each of AWS's protocols. */
export class Aws {
  readonly cloudFront: CloudFrontClient;
  readonly lambda: LambdaClient;
  private names = 0;

  constructor(private readonly url: string) {
    const options = { endpoint: url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
    this.cloudFront = new CloudFrontClient({ ...options, region: GLOBAL_REGION });
    this.lambda = new LambdaClient({ ...options, region: REGION });
  }

  /** A name that nothing has yet. */
  name(): string {
    return `name-${(this.names += 1)}`;
  }

  ec2(Action: string, parameters: Parameters): Promise<string> {
    return this.query('ec2', Action, parameters);
  }

  iam(Action: string, parameters: Parameters): Promise<string> {
    return this.query('iam', Action, parameters);
  }

  rds(Action: string, parameters: Parameters): Promise<string> {
    return this.query('rds', Action, parameters);
  }

  /** Calls an action of a service that speaks JSON. */
  async json(service: keyof typeof TARGETS, action: string, parameters: object): Promise<any> {
    const region = service === 'acm' || service === 'wafv2' ? GLOBAL_REGION : REGION;
    const headers = { 'Content-Type': AWS_JSON, 'X-Amz-Target': `${TARGETS[service]}.${action}` };
    const body = JSON.stringify(parameters);
    const response = await callAws({ url: this.url, service, region }, '/', { method: 'POST', headers, body });
    return JSON.parse((await response.text()) || '{}');
  }

  async apiGateway(path: string, method: NonNullable<AwsRequest['method']> = 'GET', parameters?: object): Promise<any> {
    const headers = { 'Content-Type': 'application/json' };
    const body = parameters === undefined ? '' : JSON.stringify(parameters);
    const api = { url: this.url, service: 'apigateway', region: REGION };
    return JSON.parse((await (await callAws(api, path, { method, headers, body })).text()) || '{}');
  }

  async route53(path: string, body: string): Promise<string> {
    const api = { url: this.url, service: 'route53', region: GLOBAL_REGION };
    return (await callAws(api, `/2013-04-01/${path}`, { method: 'POST', body })).text();
  }

  private async query(service: keyof typeof VERSIONS, Action: string, parameters: Parameters): Promise<string> {
    const body = new URLSearchParams({ Action, Version: VERSIONS[service], ...parameters });
    return (await callAws({ url: this.url, service, region: REGION }, '/', { method: 'POST', body })).text();
  }
}

/** The first id of a kind in an answer, such as `vpc-…`. */
export function idIn(xml: string, prefix: string): string {
  const id = new RegExp(`\\b${prefix}-[0-9a-f]{8,}`).exec(xml)?.[0];
  if (id === undefined) throw new Error(`No ${prefix}-… in ${xml}`);
  return id;
}

/** AWS's error code, by whichever protocol it came. */
export function codeOf(error: unknown): string {
  if (!(error instanceof AwsApiError)) return (error as Error).name;
  const inBody = /<Code>([^<]+)|"__type": ?"([^"]+)"/.exec(error.body);
  return inBody?.[1] ?? inBody?.[2] ?? error.type;
}
