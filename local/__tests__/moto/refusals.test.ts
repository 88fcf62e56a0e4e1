import { startOpenMoto, type OpenMoto } from '../support/open-moto';
import table from '../../moto/refusals/table.json';
import { Aws, codeOf } from './aws';
import { databases } from './refusals/databases';
import { edge } from './refusals/edge';
import { functions } from './refusals/functions';
import { networks } from './refusals/networks';
import { makeInstance } from './refusals/resources';
import type { Scenarios } from './refusals/scenario';
import { services } from './refusals/services';

jest.setTimeout(120_000);

const scenarios: Scenarios = { ...databases, ...functions, ...networks, ...services, ...edge };
const nameOf = ({ action, when }: (typeof table)[number]): string => `${action}, ${when}`;

let moto: OpenMoto;
let aws: Aws;

beforeAll(async () => {
  moto = await startOpenMoto();
  aws = new Aws(moto.url);
  // RDS refuses proxies in an account that never had an instance.
  await makeInstance(aws);
});
afterAll(() => moto.stop());

it('every row of the table has a scenario, and every scenario has a row', () => {
  expect(Object.keys(scenarios).sort()).toEqual(table.map(nameOf).sort());
});

it.each(table)('the local AWS refuses $action where $when, with $code', async (row) => {
  const refused = await scenarios[nameOf(row)]?.(aws).then(
    () => 'accepted',
    (error: unknown) => codeOf(error),
  );
  expect(refused).toBe(row.code);
});

it.each(table)('$page is a page of AWS', ({ page }) => {
  expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.#-]+$/);
});
