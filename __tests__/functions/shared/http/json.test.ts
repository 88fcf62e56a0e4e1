import { JsonText, stringify } from '../../../../functions/shared/http/json';

describe('stringify', () => {
  it('inserts each JSON text unchanged, even a number that JavaScript would round', () => {
    const value = { a: new JsonText('9007199254740993'), list: [new JsonText('{"b": 1.0}'), 2], c: 'c' };
    expect(stringify(value)).toBe('{"a":9007199254740993,"list":[{"b": 1.0},2],"c":"c"}');
  });

  it('does not change a JSON text that looks like a replacement pattern', () => {
    expect(stringify({ a: new JsonText('"$& $1"') })).toBe('{"a":"$& $1"}');
  });
});
