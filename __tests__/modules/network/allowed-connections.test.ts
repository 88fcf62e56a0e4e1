import { connectionsBetween } from '../../../modules/network/allowed-connections';

const ALL = [
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
  it('have no role that is not deployed', () => {
    const ends = connectionsBetween(['database', 'bootstrap', 'endpoint'], []).flatMap(({ from, to }) => [from, to]);
    expect(new Set(ends)).toEqual(new Set(['bootstrap', 'database', 'endpoint']));
  });

  it('lead to the internet only from the client host, by HTTPS', () => {
    const out = connectionsBetween(ALL, []).filter(({ to }) => typeof to !== 'string');
    expect(out).toMatchObject([{ from: 'client', to: { cidr: '0.0.0.0/0' }, port: 443 }]);
  });

  it('lead from the internet to the database, for the blocks of public access and no others', () => {
    const into = connectionsBetween(ALL, ['198.51.100.0/24']).filter(({ from }) => typeof from !== 'string');
    expect(into).toMatchObject([{ from: { cidr: '198.51.100.0/24' }, to: 'database', port: 3306 }]);
    expect(connectionsBetween(ALL, []).filter(({ from }) => typeof from !== 'string')).toEqual([]);
  });
});
