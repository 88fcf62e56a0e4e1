import { describeTargets, isDescribeTargets } from '../../aws-api/proxy-targets';
import { AVAILABLE, unavailable, type TargetHealth } from '../../rds/proxy/target-health';

const target = (health: string): string =>
  `<Targets><member><RdsResourceId>matrix</RdsResourceId><TargetHealth>${health}</TargetHealth></member></Targets>`;

const ofMoto = target('<State>AVAILABLE</State>');

const requestOf = (action: string, service = 'rds') => ({
  method: 'POST',
  path: '/',
  headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/${service}/aws4_request, Signature=none`,
    'content-type': 'application/x-www-form-urlencoded',
  },
  body: Buffer.from(`Action=${action}&Version=2014-10-31&DBProxyName=password`),
});

async function answered(health: TargetHealth | undefined): Promise<string> {
  const pass = () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from(ofMoto) });
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

  it('returns the health of a served target', async () => {
    expect(await answered(AVAILABLE)).toBe(target('<State>AVAILABLE</State>'));
    expect(await answered(unavailable('UNREACHABLE', 'no rule allows TCP 3306 & more <here>'))).toBe(
      target(
        '<State>UNAVAILABLE</State><Reason>UNREACHABLE</Reason>' +
          '<Description>no rule allows TCP 3306 &amp; more &lt;here&gt;</Description>',
      ),
    );
  });

  it('returns moto’s answer while the proxy is not served yet', async () => {
    expect(await answered(undefined)).toBe(ofMoto);
  });
});
