import { ROUTE_NAMES, ROUTE_USER_NAMES, userOf } from '../../../contract/routes';
import dev from '../../../environments/dev';
import { costsOf, costTable } from '../../../scripts/costs/table';
import { allFeatures, production, synthesise } from '../../support/stack';

/** Every feature, with an instance class that has a price. `maxConnections` leaves room for added routes. */
const pricedEnvironment = {
  ...allFeatures,
  database: { ...allFeatures.database, instanceClass: 'db.t4g.micro', maxConnections: 100 },
};

describe('the costs of a stack', () => {
  const costs = Object.fromEntries(
    costsOf(synthesise(pricedEnvironment).resources).map(({ label, perMonth }) => [label, perMonth]),
  );
  // Two for each function of a route, and 17 of other resources.
  const alarms = 2 * ROUTE_NAMES.length + 17;
  // The users with a password, and the master user.
  const secrets = ROUTE_USER_NAMES.filter((name) => userOf(name).login === 'password').length + 1;

  it('are computed from its resources', () => {
    expect(costs).toEqual({
      '2 proxies, 2 vCPU each': 2 * 2 * 0.018 * 730,
      '`db.t4g.micro`, 20 GiB': 0.019 * 730 + 20 * 0.137,
      'client host `t4g.micro`, its disk and its address': 0.0096 * 730 + 8 * 0.0952 + 0.005 * 730,
      'endpoint of Secrets Manager in 1 zone': 0.012 * 730,
      'WAF: one ACL, 2 rules': 7,
      'public address of the instance': 0.005 * 730,
      [`${alarms} alarms`]: expect.closeTo(alarms * 0.1) as number,
      [`${secrets} secrets`]: expect.closeTo(secrets * 0.4) as number,
    });
  });

  it('cannot be computed if a price is missing', () => {
    expect(() => costsOf(synthesise(production).resources)).toThrow(
      'db.m7g.large has no price. Add it to scripts/costs/prices.ts.',
    );
    expect(() => costsOf({ ...synthesise(dev).resources, aws_nat_gateway: { one: {} } })).toThrow(
      'The price of aws_nat_gateway is missing. Add it to scripts/costs/prices.ts and table.ts.',
    );
  });
});

it('the costs of an instance are doubled by a standby', () => {
  const instance = { instance_class: 'db.t4g.micro', allocated_storage: 20, multi_az: true };
  expect(costsOf({ aws_db_instance: { database: instance } })).toEqual([
    { label: '`db.t4g.micro`, 20 GiB, and its standby', perMonth: 2 * (0.019 * 730 + 20 * 0.137) },
  ]);
});

it('the table of costs has whole dollars, and the rounded sum of the exact costs', () => {
  const costs = [
    { label: 'one', perMonth: 1.4 },
    { label: 'other', perMonth: 0.4 },
  ];
  expect(costTable(costs)).toBe(
    '| resource | USD per month |\n|---|---|\n| one | 1 |\n| other | 0 |\n| **together** | 2 |',
  );
});
