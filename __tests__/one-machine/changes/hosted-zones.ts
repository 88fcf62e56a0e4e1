import { AwsClient } from '../../../local/__tests__/support';
import type { HostedZones } from './trials';

const DOMAIN = 'acme.org';

/** Creates two hosted zones, so that a trial can change from one to the other. The stack creates none. @param url of the local AWS */
export async function makeHostedZones(url: string): Promise<HostedZones> {
  return [await makeHostedZone(url, 'first'), await makeHostedZone(url, 'second')];
}

/** Creates one hosted zone. https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html */
async function makeHostedZone(url: string, reference: string): Promise<string> {
  const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/';
  const body = `<CreateHostedZoneRequest xmlns="${namespace}"><Name>${DOMAIN}</Name><CallerReference>${reference}</CallerReference></CreateHostedZoneRequest>`;
  const response = await new AwsClient(url).route53('hostedzone', body);
  const id = /\/hostedzone\/(\w+)/.exec(response)?.[1];
  if (id === undefined) throw new Error(`Route 53 created no hosted zone: ${response}`);
  return id;
}
