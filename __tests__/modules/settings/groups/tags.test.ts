import { problemsOf, requiredSettings } from '../../../support/settings';

const VALUE_RULE = 'AWS accepts up to 256 letters, digits, spaces and _ . : / = + - @, and reserves the prefix aws:.';
const KEY_RULE =
  'A key is 1 to 128 letters, digits, spaces and _ . : / = + - @; it does not begin with aws:, differs from the others in more than its case, and is not Environment, which the stack sets.';

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
    expect(problemsOf({ ...requiredSettings, tags: { team } })).toEqual([
      `tags.team must be the value of a tag, got ${shown}: ${VALUE_RULE}`,
    ]);
  });

  it('a value that is not text', () => {
    expect(problemsOf({ ...requiredSettings, tags: { team: 1 } })).toEqual([
      'tags.team must be a string, got 1: Write it in quotes.',
    ]);
  });

  it.each([
    [{ '': 'x' }, ''],
    [{ 'aws:x': 'x' }, 'aws:x'],
    [{ Team: 'a', team: 'b' }, 'team'],
    [{ environment: 'x' }, 'environment'],
    [{ ['k'.repeat(129)]: '' }, 'k'.repeat(129)],
  ])('the keys of %j', (tags, invalidKey) => {
    const [problem, ...others] = problemsOf({ ...requiredSettings, tags });
    expect(problem).toMatch(/^tags must have keys that AWS accepts, got \{"/);
    expect(problem).toContain(`: Change "${invalidKey}". ${KEY_RULE}`);
    expect(others).toEqual([]);
  });

  it('their number, because AWS allows 50 and the stack adds two', () => {
    expect(problemsOf({ ...requiredSettings, tags: tagged(49) })).toEqual([
      `tags must be at most 48 tags, got ${JSON.stringify(tagged(49)).slice(0, 120)}…: AWS allows 50 on a resource, and the stack adds Environment and Name. Remove some.`,
    ]);
  });
});

describe('tags are accepted', () => {
  it.each<[what: string, tags: Record<string, string>]>([
    ['with letters and signs that AWS allows', { team: 'Plattform + Co', 'cost-center': 'a:b/c=d@e', Größe: '' }],
    ['with the longest key and value', { ['k'.repeat(128)]: 'v'.repeat(256) }],
    ['up to 48', tagged(48)],
  ])('%s', (_what, tags) => {
    expect(problemsOf({ ...requiredSettings, tags })).toEqual([]);
  });
});
