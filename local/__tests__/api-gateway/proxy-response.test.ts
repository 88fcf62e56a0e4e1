import { proxyAnswer } from '../../api-gateway/proxy-response';

const answer = (returned: unknown, decodes = false) =>
  proxyAnswer({ payload: JSON.stringify(returned), log: '' }, decodes);

describe('the return value of a function', () => {
  it('becomes a JSON response by default', () => {
    const { status, headers, body } = answer({ statusCode: 200, body: '{}' });
    expect([status, headers, body.toString()]).toEqual([200, [['content-type', 'application/json']], '{}']);
  });

  it('may have a string as its status, and numbers and booleans as headers', () => {
    const headers = { 'content-type': 'text/plain', count: 7, more: false, latin1: 'ü' };
    expect(answer({ statusCode: '201', headers })).toMatchObject({
      status: 201,
      headers: [
        ['content-type', 'text/plain'],
        ['count', '7'],
        ['more', 'false'],
        ['latin1', 'ü'],
      ],
    });
  });

  it('has repeated headers in place of a single one of the same name', () => {
    const { headers } = answer({
      statusCode: 200,
      headers: { 'Set-Cookie': 'lost', 'content-type': 'text/plain' },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    });
    expect(headers).toEqual([
      ['content-type', 'text/plain'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
  });

  const ok = { statusCode: 200 };

  it.each<object>([
    ...[0, 99, 100, 101, 199, 600, 200.5, true, 'two hundred', '', [200], null].map((statusCode) => ({ statusCode })),
    ...['a \u2013 b', 'a\nb', 'a\r\nb: c', 'a\0b', null, {}, ['a']].map((value) => ({ ...ok, headers: { value } })),
    ...['a b', 'a:b', '', 'ü', 'a\nb'].map((name) => ({ ...ok, headers: { [name]: '1' } })),
    { ...ok, headers: ['a'] },
    { ...ok, multiValueHeaders: { a: 'b' } },
    { ...ok, multiValueHeaders: { a: ['b', '\n'] } },
    { ...ok, isBase64Encoded: 'true' },
    { ...ok, cookies: [] },
  ])('is malformed, which is the function’s fault: %j', (returned) => {
    expect(() => answer(returned)).toThrow(expect.objectContaining({ type: 'DEFAULT_5XX' }));
  });

  it('is missing if the function failed', () => {
    expect(() => proxyAnswer({ payload: '{}', functionError: 'Unhandled', log: '' }, false)).toThrow(
      expect.objectContaining({ type: 'DEFAULT_5XX', integrationError: 'The function failed: Unhandled' }),
    );
  });
});

describe('a base64 body', () => {
  const encoded = (body: string) => ({ statusCode: 200, body, isBase64Encoded: true });

  it('is decoded only for a caller that accepts a binary media type', () => {
    expect(answer(encoded('aGVsbG8='), true).body.toString()).toBe('hello');
    expect(answer(encoded('aGVsbG8='), false).body.toString()).toBe('aGVsbG8=');
  });

  it.each(['not base64!', 'aGVsbG8', 'aGVs=bG8'])('that is invalid (%s) is a configuration error', (body) => {
    expect(() => answer(encoded(body), true)).toThrow(expect.objectContaining({ type: 'API_CONFIGURATION_ERROR' }));
  });
});
