import { describeTargets, isDescribeTargets } from '../../aws-api/proxy-targets';
import { AVAILABLE, unavailable, type TargetHealth } from '../../rds/proxy/target-health';
import { queryRequest } from '../support/aws-requests';

const targetXml = (health: string): string =>
  `<Targets><member><RdsResourceId>matrix</RdsResourceId><TargetHealth>${health}</TargetHealth></member></Targets>`;

const MOTO_ANSWER = targetXml('<State>AVAILABLE</State>');

const requestOf = (Action: string, service = 'rds') => queryRequest(service, { Action, DBProxyName: 'password' });

/** Returns the answer for a proxy. @param health health of its target; `undefined` if the proxy has no local endpoint */
async function answerFor(health: TargetHealth | undefined): Promise<string> {
  const pass = () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from(MOTO_ANSWER) });
  const healthOf = (name: string) => Promise.resolve(name === 'password' ? health : undefined);
  const { body } = await describeTargets(requestOf('DescribeDBProxyTargets'), pass, healthOf);
  return body.toString('utf8');
}

describe('DescribeDBProxyTargets', () => {
  it('is recognised by its action and its service', () => {
    expect(isDescribeTargets(requestOf('DescribeDBProxyTargets'))).toBe(true);
    expect(isDescribeTargets(requestOf('DescribeDBProxies'))).toBe(false);
    expect(isDescribeTargets(requestOf('DescribeDBProxyTargets', 'ec2'))).toBe(false);
  });

  it('returns the health that the local endpoint of the proxy measures', async () => {
    expect(await answerFor(AVAILABLE)).toBe(targetXml('<State>AVAILABLE</State>'));
    expect(await answerFor(unavailable('UNREACHABLE', 'no rule allows TCP 3306 & more <here>'))).toBe(
      targetXml(
        '<State>UNAVAILABLE</State><Reason>UNREACHABLE</Reason>' +
          '<Description>no rule allows TCP 3306 &amp; more &lt;here&gt;</Description>',
      ),
    );
  });

  it('returns moto’s answer while the proxy has no local endpoint', async () => {
    expect(await answerFor(undefined)).toBe(MOTO_ANSWER);
  });
});
