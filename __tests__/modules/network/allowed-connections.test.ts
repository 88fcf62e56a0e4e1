import { connectionsBetween } from '../../../modules/network/allowed-connections';

describe('the allowed connections', () => {
  it('leave out all parts that are not deployed', () => {
    const ends = connectionsBetween(['database', 'bootstrap', 'endpoint'], []).flatMap(({ from, to }) => [from, to]);
    expect(new Set(ends)).toEqual(new Set(['bootstrap', 'database', 'endpoint']));
  });

  it('lead from the internet to the database only for the CIDR blocks of public access', () => {
    const inboundWith = (...publicCidrs: string[]): unknown[] =>
      connectionsBetween(['database', 'client'], publicCidrs).filter(({ from }) => typeof from !== 'string');
    expect(inboundWith('198.51.100.0/24')).toMatchObject([
      { from: { cidr: '198.51.100.0/24' }, to: 'database', port: 3306 },
    ]);
    expect(inboundWith()).toEqual([]);
  });
});
