import type { TargetHealth } from '../rds/proxy/target-health';
import { toAwsCall } from '../http/aws-call';
import type { Pass, WholeResponse, WholeRequest } from '../http/exchange';

/** Returns the health of a proxy's target; `undefined` if the proxy has no local endpoint yet. */
export type HealthOf = (proxyName: string) => Promise<TargetHealth | undefined>;

/** Whether a request is a DescribeDBProxyTargets. */
export function isDescribeTargets(request: WholeRequest): boolean {
  const call = toAwsCall(request);
  return call?.service === 'rds' && call.action === 'DescribeDBProxyTargets';
}

/**
 * Answers DescribeDBProxyTargets with the health that the local endpoint of the proxy measures. For a proxy without
 * a local endpoint, the answer is moto's. moto measures nothing: it reports each target as REGISTERING once, then as AVAILABLE.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBProxyTargets.html
 */
export async function describeTargets(request: WholeRequest, pass: Pass, healthOf: HealthOf): Promise<WholeResponse> {
  const response = await pass(request);
  const proxyName = new URLSearchParams(request.body.toString('utf8')).get('DBProxyName') ?? '';
  const health = response.status === 200 ? await healthOf(proxyName) : undefined;
  if (health === undefined) return response;
  const body = response.body
    .toString('utf8')
    .replaceAll(/<TargetHealth>.*?<\/TargetHealth>/gs, () => `<TargetHealth>${toXml(health)}</TargetHealth>`);
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
}

function toXml({ state, reason, description }: TargetHealth): string {
  const members = { State: state, Reason: reason, Description: description };
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escaped(value ?? '')}</${name}>`)
    .join('');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
