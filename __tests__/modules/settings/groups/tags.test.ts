import { itAccepts, problemsWith } from '../../../support/settings';

const VALUE_RULE = 'AWS accepts up to 256 letters, digits, spaces and _ . : / = + - @, and reserves the prefix aws:.';
const KEY_RULE =
  'A key is 1 to 128 letters, digits, spaces and _ . : / = + - @. It must not begin with aws:. Keys that differ only in case count as the same key. The key Environment is reserved: the stack sets it.';

const tagged = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, '']));

describe('tags are rejected for', () => {
  it.each([
    ['${team}', '"${team}"'],
    ['a%{b', '"a%{b"'],
    ['price ${1 + 1}', '"price ${1 + 1}"'],
    ['AWS:x', '"AWS:x"'],
    ['v'.repeat(257), `"${'v'.repeat(119)}…`],
  ])('the value %s', (team, shown) => {
    expect(problemsWith({ tags: { team } })).toEqual([
      `tags.team must be a valid tag value, got ${shown}: ${VALUE_RULE}`,
    ]);
  });

  it('a value that is not text', () => {
    expect(problemsWith({ tags: { team: 1 } })).toEqual(['tags.team must be a string, got 1: Write it in quotes.']);
  });

  it.each([
    [{ '': 'x' }, ''],
    [{ 'aws:x': 'x' }, 'aws:x'],
    [{ Team: 'a', team: 'b' }, 'team'],
    [{ environment: 'x' }, 'environment'],
    [{ ['k'.repeat(129)]: '' }, 'k'.repeat(129)],
  ])('the keys of %j', (tags, invalidKey) => {
    const [problem, ...others] = problemsWith({ tags });
    expect(problem).toMatch(/^tags must have keys that AWS accepts, got \{"/);
    expect(problem).toContain(`: Change "${invalidKey}". ${KEY_RULE}`);
    expect(others).toEqual([]);
  });

  it('their number, because AWS allows 50 and the stack adds two', () => {
    expect(problemsWith({ tags: tagged(49) })).toEqual([
      `tags must be at most 48 tags, got ${JSON.stringify(tagged(49)).slice(0, 120)}…: AWS allows 50 on a resource, and the stack adds Environment and Name. Remove some.`,
    ]);
  });
});

itAccepts('tags are accepted: %j', [
  { tags: { team: 'Plattform + Co', 'cost-center': 'a:b/c=d@e', Größe: '' } },
  { tags: { ['k'.repeat(128)]: 'v'.repeat(256) } },
  { tags: tagged(48) },
]);
