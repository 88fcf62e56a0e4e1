import type { IncomingMessage } from 'node:http';
import { callerRefusal } from '../../aws-api/callers';
import type { AwsError } from '../../lambda/aws-error';

const PORT = 4566;
const SIGNED = { host: `127.0.0.1:${PORT}`, authorization: 'AWS4-HMAC-SHA256 Credential=local' };

const refusal = (headers: Readonly<Record<string, string>>, url = '/'): AwsError | undefined =>
  callerRefusal({ url, headers } as unknown as IncomingMessage, PORT);

describe('the control plane', () => {
  it.each(['127.0.0.1', 'localhost'])('accepts signed requests to %s', (name) => {
    expect(refusal({ ...SIGNED, host: `${name}:${PORT}` })).toBeUndefined();
  });

  it.each([
    ['a foreign name that resolves to this machine', 'rebound.example'],
    ['a foreign name with the right port', `rebound.example:${PORT}`],
    ['the address of the control plane without a port', '127.0.0.1'],
    ['another port', `127.0.0.1:${PORT + 1}`],
  ])('refuses requests to %s', (_what, host) => {
    expect(refusal({ ...SIGNED, host })).toMatchObject({ status: 403, name: 'AccessDeniedException' });
  });

  it('refuses requests without a Host header, and names its own address', () => {
    expect(refusal({})?.message).toBe(
      `The Host header must be 127.0.0.1:${PORT} or localhost:${PORT}, got "". Call the control plane at http://127.0.0.1:${PORT}.`,
    );
  });

  it.each([
    ['a page of another site', { origin: 'https://example.com' }],
    ['a page with an opaque origin', { origin: 'null' }],
    ['an image in a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same origin', { 'sec-fetch-site': 'same-origin' }],
  ])('refuses requests by %s', (_what, headers) => {
    expect(refusal({ ...SIGNED, ...headers })).toMatchObject({ status: 403, name: 'AccessDeniedException' });
  });

  it('refuses requests without a signature', () => {
    const missingToken = { status: 403, name: 'MissingAuthenticationTokenException' };
    expect(refusal({ host: SIGNED.host })).toMatchObject(missingToken);
  });

  // moto's own API can delete everything, so no spelling of its path may reach it. The URL /% cannot be decoded.
  it.each([
    '/moto-api',
    '/moto-api/reset',
    '/moto-api?action=reset',
    '//moto-api/reset',
    '//%6doto-api/reset',
    '/%2Fmoto-api/reset',
    'http://moto-api/reset',
    '/%',
  ])('refuses the URL %s, which AWS does not have', (url) => {
    expect(refusal(SIGNED, url)).toMatchObject({ status: 404, name: 'UnknownOperationException' });
  });

  it.each(['/?Action=GetCallerIdentity', '/2015-03-31/functions/moto-api', '/?path=/moto-api', '/?%'])(
    'accepts the URL %s',
    (url) => {
      expect(refusal(SIGNED, url)).toBeUndefined();
    },
  );
});
