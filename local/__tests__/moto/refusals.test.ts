import table from '../../moto/refusals/table.json';
import { AwsClient, errorCodeOf } from '../support/aws-client';
import { startMotoOnPort, type MotoOnPort } from '../support/moto-on-port';
import { databases } from './refusals/databases';
import { edge } from './refusals/edge';
import { functions } from './refusals/functions';
import { networks } from './refusals/networks';
import { makeInstance, type Scenarios } from './refusals/resources';
import { services } from './refusals/services';

jest.setTimeout(120_000);

const scenarios: Scenarios = { ...databases, ...functions, ...networks, ...services, ...edge };
const pages: [url: string, codes: Readonly<Record<string, string>>][] = [
  ...Object.entries(table['refused by moto itself']),
  ...Object.entries(table['refused by the Python modules in this folder']),
];
const rows = pages.flatMap(([, codes]) => Object.entries(codes));

let moto: MotoOnPort;
let aws: AwsClient;

beforeAll(async () => {
  moto = await startMotoOnPort();
  aws = new AwsClient(moto.url);
  // RDS refuses proxies in an account that never had an instance.
  await makeInstance(aws);
});
afterAll(() => moto.stop());

it('every refusal has a scenario, and every scenario has a refusal', () => {
  expect(Object.keys(scenarios).sort()).toEqual(rows.map(([row]) => row).sort());
});

it.each(rows)('the local AWS refuses %s, with %s', async (row, code) => {
  const outcome = await scenarios[row]?.(aws).then(
    () => 'accepted',
    (error: unknown) => errorCodeOf(error),
  );
  expect(outcome).toBe(code);
});

it.each(pages)('the reference %s is a URL of AWS’s documentation', (url) => {
  expect(url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.#-]+$/);
});
