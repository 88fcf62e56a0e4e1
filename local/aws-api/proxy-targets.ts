import type { TargetHealth } from '../rds/proxy/target-health';
import { toAwsCall } from '../http/aws-call';
import type { WholeResponse, WholeRequest } from '../http/exchange';

export interface ProxyTargetsOptions {
  /** Passes a request to moto, which reports every target as available. */
  readonly pass: (request: WholeRequest) => Promise<WholeResponse>;
  /** Health of a proxy's target; `undefined` while the proxy is not served yet. */
  readonly healthOf: (proxyName: string) => Promise<TargetHealth | undefined>;
}

const ACTION = 'DescribeDBProxyTargets';

/**
 * Answers DescribeDBProxyTargets with the health of the served proxies.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBProxyTargets.html
 */
export class ProxyTargets {
  constructor(private readonly options: ProxyTargetsOptions) {}

  /** Whether `answer` handles a request. */
  static isAbout(request: WholeRequest): boolean {
    const call = toAwsCall(request);
    return call?.service === 'rds' && call.action === ACTION;
  }

  async answer(request: WholeRequest): Promise<WholeResponse> {
    const { pass, healthOf } = this.options;
    const response = await pass(request);
    const proxyName = new URLSearchParams(request.body.toString('utf8')).get('DBProxyName') ?? '';
    const health = response.status === 200 ? await healthOf(proxyName) : undefined;
    if (health === undefined) return response;
    const body = response.body
      .toString('utf8')
      .replaceAll(/<TargetHealth>.*?<\/TargetHealth>/gs, () => `<TargetHealth>${toXml(health)}</TargetHealth>`);
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
  }
}

function toXml({ state, reason, description }: TargetHealth): string {
  const members = { State: state, Reason: reason, Description: description };
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escaped(value ?? '')}</${name}>`)
    .join('');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
