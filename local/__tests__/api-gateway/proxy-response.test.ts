import { proxyAnswer } from '../../api-gateway/proxy-response';

/** Makes the HTTP response from a return value. */
const answer = (returned: unknown, acceptsBinary = false) =>
  proxyAnswer({ payload: JSON.stringify(returned), log: '' }, acceptsBinary);

describe('the return value of a function', () => {
  it('becomes a JSON response by default', () => {
    const { status, headers, body } = answer({ statusCode: 200, body: '{}' });
    expect([status, headers, body.toString()]).toEqual([200, [['content-type', 'application/json']], '{}']);
  });

  it('may have a string as its status, and numbers, booleans and Latin-1 text as values of headers', () => {
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

  it('may list a header in both headers and multiValueHeaders; multiValueHeaders takes precedence', () => {
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

  const valid = { statusCode: 200 };

  it.each<object>([
    ...[0, 99, 100, 101, 199, 600, 200.5, true, 'two hundred', '', [200], null].map((statusCode) => ({ statusCode })),
    ...['a \u2013 b', 'a\nb', 'a\r\nb: c', 'a\0b', null, {}, ['a']].map((value) => ({ ...valid, headers: { value } })),
    ...['a b', 'a:b', '', 'ü', 'a\nb'].map((name) => ({ ...valid, headers: { [name]: '1' } })),
    { ...valid, headers: ['a'] },
    { ...valid, multiValueHeaders: { a: 'b' } },
    { ...valid, multiValueHeaders: { a: ['b', '\n'] } },
    { ...valid, isBase64Encoded: 'true' },
    { ...valid, cookies: [] },
  ])('becomes the gateway response DEFAULT_5XX if it is malformed: %j', (returned) => {
    expect(() => answer(returned)).toThrow(expect.objectContaining({ type: 'DEFAULT_5XX' }));
  });

  it('becomes the gateway response INTEGRATION_FAILURE, by default with 502, if it is an error', () => {
    expect(() => proxyAnswer({ payload: '{}', functionError: 'Unhandled', log: '' }, false)).toThrow(
      expect.objectContaining({
        type: 'INTEGRATION_FAILURE',
        defaultStatus: 502,
        integrationError: 'Lambda Customer Function Error: Unhandled',
      }),
    );
  });
});

describe('a base64 body', () => {
  const encoded = (body: string) => ({ statusCode: 200, body, isBase64Encoded: true });

  it('is decoded only for a caller that accepts a binary media type', () => {
    expect(answer(encoded('aGVsbG8='), true).body.toString()).toBe('hello');
    expect(answer(encoded('aGVsbG8='), false).body.toString()).toBe('aGVsbG8=');
  });

  it.each(['not base64!', 'aGVsbG8', 'aGVs=bG8'])(
    'becomes the gateway response API_CONFIGURATION_ERROR if it is invalid: %s',
    (body) => {
      expect(() => answer(encoded(body), true)).toThrow(expect.objectContaining({ type: 'API_CONFIGURATION_ERROR' }));
    },
  );
});
