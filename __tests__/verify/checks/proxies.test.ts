import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of the proxies’ targets', () => {
  it('reports an unreachable target, and a proxy without a target', async () => {
    const TargetHealth = { State: 'UNAVAILABLE', Reason: 'UNREACHABLE', Description: 'No way.' } as const;
    const proxyTargets = () => Promise.resolve([{ RdsResourceId: 'matrix', TargetHealth }]);
    expect(await standIn().unexpectedInAws({ proxyTargets })).toEqual([
      ['login-matrix-test-password to matrix', 'UNAVAILABLE, UNREACHABLE, No way.'],
    ]);
    expect(await standIn().unexpectedInAws({ proxyTargets: () => Promise.resolve([]) })).toEqual([
      ['login-matrix-test-password', 'it has no target'],
    ]);
  });
});
