import type { IncomingMessage } from 'node:http';
import { callerRefusal } from '../../aws-api/callers';

const PORT = 4566;
const SIGNED = { host: `127.0.0.1:${PORT}`, authorization: 'AWS4-HMAC-SHA256 Credential=local' };

/** Status and type of the refusal, if there is one. */
function refusal(headers: Readonly<Record<string, string>>, url = '/'): [status: number, type: string] | undefined {
  const error = callerRefusal({ url, headers } as unknown as IncomingMessage, PORT);
  return error && [error.status, error.name];
}

describe('the control plane', () => {
  it.each(['127.0.0.1', 'localhost'])('accepts signed requests to %s', (name) => {
    expect(refusal({ ...SIGNED, host: `${name}:${PORT}` })).toBeUndefined();
  });

  it.each([
    ['a foreign name that resolves to this machine', 'rebound.example'],
    ['a foreign name with its port', `rebound.example:${PORT}`],
    ['no port', '127.0.0.1'],
    ['another port', `127.0.0.1:${PORT + 1}`],
  ])('refuses requests to %s', (_what, host) => {
    expect(refusal({ ...SIGNED, host })).toEqual([403, 'AccessDeniedException']);
  });

  it('refuses requests without a Host header, and names its own address', () => {
    const incoming = { headers: {} } as unknown as IncomingMessage;
    expect(callerRefusal(incoming, PORT)?.message).toBe(
      `"" is not the control plane. Call it at http://127.0.0.1:${PORT}.`,
    );
  });

  it.each([
    ['by a page of another site', { origin: 'https://example.com' }],
    ['by a page without an origin', { origin: 'null' }],
    ['by an image of a page', { 'sec-fetch-site': 'cross-site' }],
    ['by a page of its own site', { 'sec-fetch-site': 'same-origin' }],
  ])('refuses to be called %s', (_how, headers) => {
    expect(refusal({ ...SIGNED, ...headers })).toEqual([403, 'AccessDeniedException']);
  });

  it('refuses requests without a signature', () => {
    expect(refusal({ host: SIGNED.host })).toEqual([403, 'MissingAuthenticationTokenException']);
  });

  it.each([
    ['/moto-api'],
    ['/moto-api/reset'],
    ['/moto-api?action=reset'],
    ['//moto-api/reset'],
    ['//%6doto-api/reset'],
    ['/%2Fmoto-api/reset'],
    ['http://moto-api/reset'],
    ['/%'],
  ])('refuses %s, which is no path of AWS', (url) => {
    expect(refusal(SIGNED, url)).toEqual([404, 'UnknownOperationException']);
  });

  it.each(['/?Action=GetCallerIdentity', '/2015-03-31/functions/moto-api', '/?path=/moto-api', '/?%'])(
    'accepts %s',
    (url) => {
      expect(refusal(SIGNED, url)).toBeUndefined();
    },
  );
});
