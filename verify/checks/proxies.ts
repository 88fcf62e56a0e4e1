import type { DBProxyTarget } from '@aws-sdk/client-rds';
import { byAwsRequest, checked, type Check, type Row } from '../check';

const EXPECTED = 'AVAILABLE';

/** Checks the targets of the proxies. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html */
export const proxies: Check = {
  title: 'Targets of the proxies',
  rows: async function* ({ aws, outputs: { deployed } }) {
    for (const proxy of deployed.proxies) {
      const request = () => aws.proxyTargets(proxy);
      yield* await byAwsRequest(proxy, EXPECTED, 'rds:DescribeDBProxyTargets', request, (targets) =>
        targets.length === 0
          ? [checked(proxy, EXPECTED, 'it has no target')]
          : targets.map((target) => toRow(proxy, target)),
      );
    }
  },
};

function toRow(proxy: string, { RdsResourceId, TargetHealth }: DBProxyTarget): Row {
  const { State, Reason, Description } = TargetHealth ?? {};
  const seen = [State ?? 'no state', Reason, Description].filter((part) => part !== undefined).join(', ');
  return checked(`${proxy} to ${RdsResourceId ?? 'its target'}`, EXPECTED, seen);
}
