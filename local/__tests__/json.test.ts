import { parseJson } from '../json';

describe('parseJson', () => {
  it.each([
    ['{"a": [1]}', { a: [1] }],
    ['null', null],
  ])('parses %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it('returns text that is not JSON unchanged', () => {
    expect(parseJson('openapi: 3.0.0')).toBe('openapi: 3.0.0');
  });
});
