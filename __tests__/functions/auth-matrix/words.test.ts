import {
  columnLetter,
  listOf,
  outcomeWord,
  proxyRule,
  capitalised,
  targetName,
  wayIn,
  wayTo,
} from '../../../functions/auth-matrix/words';
import { visibleText } from '../../support/html-text';

describe('a way in', () => {
  it('is named by its login and its target', () => {
    expect(wayIn({ login: 'password', target: 'instance' })).toBe('a password straight to the instance');
    expect(wayIn({ login: 'iam', target: 'iam-proxy' })).toBe('IAM through the IAM proxy');
    expect([targetName('password-proxy'), wayTo('password-proxy')]).toEqual([
      'the password proxy',
      'through the password proxy',
    ]);
  });

  it.each([
    ['password', 'instance', 'a'],
    ['iam', 'instance', 'b'],
    ['password', 'password-proxy', 'c'],
    ['password', 'iam-proxy', 'c'],
    ['iam', 'iam-proxy', 'd'],
  ] as const)('has the letter of its column in the known matrix: %s at the %s has %s', (login, target, letter) => {
    expect(columnLetter({ login, target })).toBe(letter);
  });
});

describe('the rule of a proxy', () => {
  it.each([
    [{ iamAuth: 'DISABLED', requireTls: false }, 'It has IAM disabled and does not require TLS.'],
    [{ iamAuth: 'DISABLED', requireTls: true }, 'It has IAM disabled and requires TLS.'],
    [{ iamAuth: 'REQUIRED', requireTls: true }, 'It requires IAM and TLS.'],
    [{ iamAuth: 'REQUIRED', requireTls: false }, 'It requires IAM, not TLS.'],
    [
      { iamAuth: 'REQUIRED', requireTls: true, upstream: 'iam' },
      'It requires IAM and TLS, and logs in to the instance by IAM.',
    ],
  ] as const)('%j is described as: %s', (proxySettings, rule) => {
    expect(proxyRule({ row: 1, proxy: 'iam-proxy', ...proxySettings })).toBe(rule);
  });
});

describe('a list of words', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('%j is written as %j', (words, list) => {
    expect(listOf(words)).toBe(list);
  });
});

it('text is capitalised at the start of a sentence', () => {
  expect([capitalised('the proxy'), capitalised('')]).toEqual(['The proxy', '']);
});

it('an outcome is a word and an icon, which screen readers skip', () => {
  expect((['o', 'x', '–'] as const).map((outcome) => visibleText(outcomeWord(outcome).text))).toEqual([
    'Connects',
    'Refused',
    'Cannot be used',
  ]);
  expect(outcomeWord('x').text).toMatch(
    /^<span class="outcome refused"\s*><svg viewBox="0 0 16 16" aria-hidden="true">/,
  );
});
