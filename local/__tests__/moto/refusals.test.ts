import refusals from '../../moto/refusals/table.json';
import { AwsClient, errorCodeOf } from '../support/aws-client';
import { startMotoOnPort, type MotoOnPort } from '../support/moto-on-port';
import { databases } from './refusals/databases';
import { edge } from './refusals/edge';
import { functions } from './refusals/functions';
import { networks } from './refusals/networks';
import { makeInstance } from './refusals/resources';
import type { Scenarios } from './refusals/scenario';
import { services } from './refusals/services';

jest.setTimeout(120_000);

const scenarios: Scenarios = { ...databases, ...functions, ...networks, ...services, ...edge };
/** Returns the name of a refusal's scenario. */
const nameOf = ({ action, when }: (typeof refusals)[number]): string => `${action}, ${when}`;

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
  expect(Object.keys(scenarios).sort()).toEqual(refusals.map(nameOf).sort());
});

it.each(refusals)('the local AWS refuses $action if $when, with $code', async (refusal) => {
  const outcome = await scenarios[nameOf(refusal)]?.(aws).then(
    () => 'accepted',
    (error: unknown) => errorCodeOf(error),
  );
  expect(outcome).toBe(refusal.code);
});

it.each(refusals)('the reference $page is a URL of AWS’s documentation', ({ page }) => {
  expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.#-]+$/);
});
