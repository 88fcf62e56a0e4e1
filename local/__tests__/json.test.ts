import { parseJson } from '../json';

it('parses JSON, and returns other text unchanged', () => {
  expect(parseJson('{"a": [1]}')).toEqual({ a: [1] });
  expect(parseJson('openapi: 3.0.0')).toBe('openapi: 3.0.0');
});
