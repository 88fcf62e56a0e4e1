import type { ConnectionCondition } from '../../../local/decisions';
import { networkFindings } from '../../../start/explain/network';
import type { ConditionInputs } from '../../../start/explain/condition-inputs';

const CONDITIONS: readonly ConnectionCondition[] = [{ needs: 'a route', found: 'local', resources: [] }];
const SOURCE = { id: 'function' };

/** Returns the findings for a login at a port, and the calls of `trace`. */
function findingsAt(port: number, target: object | undefined) {
  const trace = jest.fn(() => CONDITIONS);
  const variables = { host: 'PROXY_HOST', port: 'PROXY_PORT', caFile: 'PROXY_CA_FILE' };
  const login = { host: 'alias.example.com', port, client: { source: SOURCE }, variables };
  const findings = networkFindings({
    network: { trace },
    login,
    from: '127.20.0.4',
    target,
  } as unknown as ConditionInputs);
  return { findings, traceCalls: trace.mock.calls };
}

const instance = { kind: 'instance', host: 'db.example.com', instance: { port: 3307 } };
const proxy = { kind: 'proxy', host: 'proxy.example.com' };

describe('the network path of a login', () => {
  it('leads to the endpoint behind an alias, or to the host itself if the endpoint is unknown', () => {
    expect(findingsAt(3307, instance).traceCalls).toEqual([['127.20.0.4', 'db.example.com']]);
    expect(findingsAt(3306, undefined).traceCalls).toEqual([['127.20.0.4', 'alias.example.com']]);
  });
});

describe('the port of a login', () => {
  it.each([
    ['the port of the instance', 3307, instance],
    ['port 3306 of a proxy, its only port', 3306, proxy],
    ['any port of an unknown endpoint', 1, undefined],
  ])('is accepted if it is %s', (_what, port, target) => {
    expect(findingsAt(port, target).findings).toMatchObject([{ needs: 'a route', found: 'local' }]);
  });

  it.each([
    [3306, 3307, instance],
    [3307, 3306, proxy],
  ])('is reported with the fix if it is %i instead of %i', (port, actualPort, target) => {
    expect(findingsAt(port, target).findings[1]).toEqual({
      needs: `the endpoint listens on port ${port}`,
      found: `it listens on port ${actualPort}`,
      resources: [SOURCE],
      fix: `Set PROXY_PORT to ${actualPort}.`,
    });
  });
});
