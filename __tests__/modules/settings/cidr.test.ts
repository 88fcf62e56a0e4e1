import {
  block,
  carve,
  contains,
  coverEverything,
  hostPattern,
  overlap,
  parseBlock,
} from '../../../modules/settings/cidr';

describe('a block', () => {
  it.each([
    ['10.20.0.0/16', '10.20.0.0/16', true],
    ['10.20.1.7/16', '10.20.0.0/16', false],
    ['0.0.0.0/0', '0.0.0.0/0', true],
    ['2001:DB8:0:0::/32', '2001:db8::/32', true],
    ['2001:db8::7/32', '2001:db8::/32', false],
  ])(
    '%s has the canonical form %s; the property isWrittenWithFirstAddress is %s',
    (text, canonical, isWrittenWithFirstAddress) => {
      expect(parseBlock(text)).toMatchObject({ canonical, isWrittenWithFirstAddress });
    },
  );

  it.each([
    '10.20.0.0',
    '10.20.0.0/33',
    '10.20.0/16',
    '010.20.0.0/16',
    '10.20.0.0/016',
    '10.20.0.0/16 ',
    '10.20.0.0/16\n',
    '2001:db8::/129',
    '2001:db8::1::/64',
    '::ffff:10.20.0.0/112',
    'fe80::1%eth0/64',
    '',
  ])('that is not in plain CIDR notation is refused: %j', (text) => {
    expect(parseBlock(text)).toBeUndefined();
    expect(() => block(text)).toThrow(`${text} is not an address block`);
  });
});

it.each([
  ['10.20.0.0/16', '10.20.255.0/24', true, true],
  ['10.20.255.0/24', '10.20.0.0/16', true, false],
  ['10.20.0.0/24', '10.20.1.0/24', false, false],
  ['0.0.0.0/0', '::/0', false, false],
])(
  'for the blocks %s and %s, `overlap` returns %s and `contains` returns %s',
  (first, second, overlaps, isContained) => {
    expect([overlap(first, second), contains(first, second)]).toEqual([overlaps, isContained]);
  },
);

it.each([
  [['0.0.0.0/1', '128.0.0.0/1'], true],
  [['128.0.0.0/1', '64.0.0.0/2', '0.0.0.0/2', '10.0.0.0/8'], true],
  [['0.0.0.0/1', '128.0.0.0/2'], false],
  [['0.0.0.1/32', '128.0.0.0/1'], false],
  [[], false],
])('the blocks %j contain every IPv4 address: %s', (blocks, containAll) => {
  expect(coverEverything(blocks.map(block), 4)).toBe(containAll);
});

it('carve adds 4 bits to the prefix of a block, and returns the first 3 of the smaller blocks', () => {
  expect(carve('10.20.0.0/16', 4, 3)).toEqual(['10.20.0.0/20', '10.20.16.0/20', '10.20.32.0/20']);
});

it('hostPattern writes a block as the host part of a MySQL account, with a mask', () => {
  expect(hostPattern('10.20.0.0/20')).toBe('10.20.0.0/255.255.240.0');
});
