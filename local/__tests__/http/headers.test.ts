import { endToEndHeaders, extendedHeader, hasBody, headerOf, headersOf, hostName } from '../../http/headers';

describe('the headers of a message', () => {
  it('are in the sender’s order and case, each occurrence separately', () => {
    expect(headersOf({ rawHeaders: ['Host', 'a', 'x-two', '1', 'X-Two', '2'] })).toEqual([
      ['Host', 'a'],
      ['x-two', '1'],
      ['X-Two', '2'],
    ]);
  });

  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Authenticate',
    'Proxy-Authorization',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
  ])('are passed on without %s', (name) => {
    const accept = ['Accept', '*/*'] as const;
    expect(endToEndHeaders([[name, 'value'], accept])).toEqual([accept]);
  });

  it('are found by name in any case; if several have the name, the first is returned', () => {
    const headers = [
      ['X-Two', '1'],
      ['x-two', '2'],
    ] as const;
    expect(headerOf(headers, 'x-two')).toBe('1');
    expect(headerOf(headers, 'x-one')).toBeUndefined();
  });
});

describe('a list such as X-Forwarded-For', () => {
  it('gets the new value at its end, after all received ones', () => {
    const headers = [
      ['X-Forwarded-For', '192.0.2.1, 192.0.2.2'],
      ['Accept', '*/*'],
      ['x-forwarded-for', '192.0.2.3'],
    ] as const;
    const extended = extendedHeader(headers, 'x-forwarded-for', '203.0.113.1');
    expect(extended).toBe('192.0.2.1, 192.0.2.2, 192.0.2.3, 203.0.113.1');
  });

  it('has only the new value if none was received', () => {
    expect(extendedHeader([], 'x-forwarded-for', '203.0.113.1')).toBe('203.0.113.1');
  });
});

describe('a message', () => {
  it.each([
    [{}, false],
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '1' }, true],
    [{ 'transfer-encoding': 'chunked' }, true],
  ])('with the headers %j has a body: %s', (headers, expected) => {
    expect(hasBody(headers)).toBe(expected);
  });
});

describe('the name in a Host header', () => {
  it.each([
    ['api.example.com', 'api.example.com'],
    ['API.example.com:8443', 'api.example.com'],
    ['[::1]:8443', '[::1]'],
    ['[::1]', '[::1]'],
    ['', ''],
  ])('of %j is %j', (host, name) => {
    expect(hostName(host)).toBe(name);
  });
});
