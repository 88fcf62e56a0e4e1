import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { AwsApiError, callAws, GLOBAL_REGION, type AwsRequest } from '../../aws-api/call-aws';
import { AWS_JSON } from '../../http/aws-call';

/** API versions of the services that use the query protocol. */
const VERSIONS = { ec2: '2016-11-15', iam: '2010-05-08', rds: '2014-10-31', sts: '2011-06-15' } as const;

/** Prefixes of X-Amz-Target of the services that use the JSON protocol. */
const TARGETS = {
  acm: 'CertificateManager',
  logs: 'Logs_20140328',
  secretsmanager: 'secretsmanager',
  wafv2: 'AWSWAF_20190729',
} as const;

export type Parameters = Readonly<Record<string, string>>;

/**
 * Calls services of the local AWS, each by its own protocol. For an error response the methods throw AwsApiError; the SDK clients
 * `cloudFront` and `lambda` throw the SDK's errors.
 */
export class AwsClient {
  readonly cloudFront: CloudFrontClient;
  readonly lambda: LambdaClient;
  readonly ec2 = this.query('ec2');
  readonly iam = this.query('iam');
  readonly rds = this.query('rds');
  readonly sts = this.query('sts');
  private nameCount = 0;

  constructor(
    private readonly url: string,
    private readonly region = 'eu-central-1',
  ) {
    const options = { endpoint: url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
    this.cloudFront = new CloudFrontClient({ ...options, region: GLOBAL_REGION });
    this.lambda = new LambdaClient({ ...options, region });
  }

  /** Returns a name that this client has not returned before. */
  newName(): string {
    return `name-${(this.nameCount += 1)}`;
  }

  /** Calls an action by the JSON protocol. Calls ACM and WAF in us-east-1, where CloudFront requires them. */
  async json(service: keyof typeof TARGETS, action: string, parameters: object): Promise<any> {
    const region = service === 'acm' || service === 'wafv2' ? GLOBAL_REGION : this.region;
    const headers = { 'Content-Type': AWS_JSON, 'X-Amz-Target': `${TARGETS[service]}.${action}` };
    const body = JSON.stringify(parameters);
    const response = await callAws({ url: this.url, service, region }, '/', { method: 'POST', headers, body });
    return JSON.parse((await response.text()) || '{}');
  }

  async apiGateway(path: string, method: NonNullable<AwsRequest['method']> = 'GET', parameters?: object): Promise<any> {
    const headers = { 'Content-Type': 'application/json' };
    const body = parameters === undefined ? '' : JSON.stringify(parameters);
    const api = { url: this.url, service: 'apigateway', region: this.region };
    return JSON.parse((await (await callAws(api, path, { method, headers, body })).text()) || '{}');
  }

  /** Posts to Route 53. @param path without the API version @param body XML */
  async route53(path: string, body: string): Promise<string> {
    const api = { url: this.url, service: 'route53', region: GLOBAL_REGION };
    return (await callAws(api, `/2013-04-01/${path}`, { method: 'POST', body })).text();
  }

  /** Returns a function that calls actions of a service by the query protocol. */
  private query(service: keyof typeof VERSIONS): (Action: string, parameters: Parameters) => Promise<string> {
    return async (Action, parameters) => {
      const body = new URLSearchParams({ Action, Version: VERSIONS[service], ...parameters });
      return (await callAws({ url: this.url, service, region: this.region }, '/', { method: 'POST', body })).text();
    };
  }
}

/** Returns the first id with this prefix in an XML response. @param prefix without the hyphen, for example `vpc` */
export function idIn(xml: string, prefix: string): string {
  const id = new RegExp(`\\b${prefix}-[0-9a-f]{8,}`).exec(xml)?.[0];
  if (id === undefined) throw new Error(`No ${prefix}-… in ${xml}`);
  return id;
}

/** Returns AWS's code of an error in any protocol. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof AwsApiError)) return (error as Error).name;
  const inBody = /<Code>([^<]+)|"__type": ?"([^"]+)"/.exec(error.body);
  return inBody?.[1] ?? inBody?.[2] ?? error.type;
}
