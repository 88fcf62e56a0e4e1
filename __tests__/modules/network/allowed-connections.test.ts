import { connectionsBetween } from '../../../modules/network/allowed-connections';

const ALL_ROLES = [
  'functions',
  'password-proxy',
  'iam-proxy',
  'database',
  'endpoint',
  'bootstrap',
  'rotation',
  'client',
] as const;

describe('the allowed connections', () => {
  it('have only deployed roles as ends', () => {
    const ends = connectionsBetween(['database', 'bootstrap', 'endpoint'], []).flatMap(({ from, to }) => [from, to]);
    expect(new Set(ends)).toEqual(new Set(['bootstrap', 'database', 'endpoint']));
  });

  it('lead to the internet only from the client host, by HTTPS', () => {
    const outbound = connectionsBetween(ALL_ROLES, []).filter(({ to }) => typeof to !== 'string');
    expect(outbound).toMatchObject([{ from: 'client', to: { cidr: '0.0.0.0/0' }, port: 443 }]);
  });

  it('lead from the internet to the database, for the blocks of public access and no others', () => {
    const inbound = connectionsBetween(ALL_ROLES, ['198.51.100.0/24']).filter(({ from }) => typeof from !== 'string');
    expect(inbound).toMatchObject([{ from: { cidr: '198.51.100.0/24' }, to: 'database', port: 3306 }]);
    expect(connectionsBetween(ALL_ROLES, []).filter(({ from }) => typeof from !== 'string')).toEqual([]);
  });
});
