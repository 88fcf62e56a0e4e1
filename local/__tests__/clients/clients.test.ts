import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EndpointName } from '../support/local-database';
import { clients, isInstalled, whyMissing, type MysqlClient } from './catalogue';
import { describeWay, loginWays } from './checks';
import { ClientsDatabase, type WayResults } from './clients-database';
import { withoutVersions, withResults } from './results-table';

const ROOT = join(__dirname, '..', '..', '..');
const PAGE = join(ROOT, 'docs', 'clients.md');

/** Whether the run fails if a client is not installed. */
const ALL_REQUIRED = process.env['CLIENTS'] === 'all';

jest.setTimeout(30 * 60_000);

const installed = clients.filter(isInstalled).map((client) => [client.name, client] as const);
const missing = clients
  .filter((client) => !isInstalled(client))
  .map((client) => [client.name, whyMissing(client)] as const);
/** Results of this run. */
const resultsByClient = new Map<MysqlClient, Promise<readonly WayResults[]>>();
let database: ClientsDatabase;

beforeAll(async () => {
  database = await ClientsDatabase.start();
});

afterAll(() => database.stop());

/**
 * Returns the results of a client. The first call runs the client's program once for each way to log in. Runs at the same
 * endpoint are sequential, because a check closes all connections of its endpoint. Runs at different endpoints are parallel.
 */
function resultsOf(client: MysqlClient): Promise<readonly WayResults[]> {
  const earlier = resultsByClient.get(client);
  if (earlier) return earlier;
  /** The last run at each endpoint. */
  const lastRuns = new Map<EndpointName, Promise<unknown>>();
  const results = loginWays.map((way) => {
    const result = (lastRuns.get(way.target) ?? Promise.resolve()).then(() => database.runChecks(client, way));
    lastRuns.set(way.target, result);
    return result;
  });
  const all = Promise.all(results);
  resultsByClient.set(client, all);
  return all;
}

it.each(installed)('%s passes every check that it supports, except its known failures', async (_name, client) => {
  const results = await resultsOf(client);
  const expected = results.flatMap(({ way }) =>
    Object.entries(client.knownFailures ?? {}).flatMap(([check, { endpoints }]) =>
      endpoints.includes(way.target) ? [`${check}, ${describeWay(way)}`] : [],
    ),
  );
  const failed = new Map(
    results.flatMap(({ way, outcomes }) =>
      Object.entries(outcomes).flatMap(([check, outcome]) =>
        outcome.failure ? [[`${check}, ${describeWay(way)}`, outcome.failure] as const] : [],
      ),
    ),
  );
  expect([...failed].filter(([name]) => !expected.includes(name))).toEqual([]);
  expect([...failed.keys()].sort()).toEqual(expected.sort());
});

// Jest rejects a table without rows.
if (missing.length > 0) {
  it.each(missing)('%s is not installed: %s', (_name, reason) => {
    if (ALL_REQUIRED) throw new Error(reason);
  });
}

it('writes the results into docs/clients.md, in which only versions may change', async () => {
  const rows = [];
  for (const client of clients) {
    rows.push({ client, results: isInstalled(client) ? await resultsOf(client) : whyMissing(client) });
  }
  const before = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, withResults(before, rows));
  spawnSync(join(ROOT, 'node_modules', '.bin', 'prettier'), ['--write', PAGE]);
  expect(withoutVersions(readFileSync(PAGE, 'utf8'))).toBe(withoutVersions(before));
});
