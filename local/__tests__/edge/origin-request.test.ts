import { readDistribution, type Distribution } from '../../edge/distribution';
import { originRequest, type OriginRequest } from '../../edge/origin-request';
import type { Scheme, ViewerRequest } from '../../edge/viewer-request';
import { API_HOST, appliedOf, CLOUDFRONT_HOST, edge, API_KEY } from '../support/http-state';
import { viewerRequest } from '../support/viewer-request';

const distribution = readDistribution(appliedOf(edge()));

/** Makes the origin request from a viewer's request. */
const toOrigin = (request: Partial<ViewerRequest>, change: Partial<Distribution> = {}): OriginRequest =>
  originRequest({ ...distribution, ...change }, viewerRequest(request));

/** Returns the values of a header. @param name in lower case */
const valuesOf = ({ headers }: OriginRequest, name: string): string[] =>
  headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);

/** Returns the scheme of the origin request if the viewer uses `scheme`. */
const schemeFor = (scheme: Scheme, origin_protocol_policy: Distribution['origin']['origin_protocol_policy']) =>
  toOrigin({ scheme }, { origin: { ...distribution.origin, origin_protocol_policy } }).scheme;

describe('a request to the origin', () => {
  it('has the viewer’s method, and the viewer’s path and query below the origin path', () => {
    expect(toOrigin({ method: 'POST' })).toMatchObject({ method: 'POST', path: '/live/items?limit=5' });
  });

  it('has the scheme that the origin protocol policy requires', () => {
    expect([schemeFor('http', 'https-only'), schemeFor('https', 'http-only')]).toEqual(['https', 'http']);
    expect([schemeFor('http', 'match-viewer'), schemeFor('https', 'match-viewer')]).toEqual(['http', 'https']);
  });

  it('has the API key of the distribution, never one that the viewer sent', () => {
    expect(valuesOf(toOrigin({ headers: [['X-Api-Key', 'my own']] }), 'x-api-key')).toEqual([API_KEY]);
  });

  it('ends X-Forwarded-For with the viewer’s address, whatever the viewer sent', () => {
    expect(valuesOf(toOrigin({}), 'x-forwarded-for')).toEqual(['203.0.113.1']);
    expect(valuesOf(toOrigin({ headers: [['X-Forwarded-For', '192.0.2.1']] }), 'x-forwarded-for')).toEqual([
      '192.0.2.1, 203.0.113.1',
    ]);
  });

  it('extends Via, and has CloudFront’s request id', () => {
    const request = toOrigin({
      headers: [
        ['Via', '1.1 proxy'],
        ['X-Amz-Cf-Id', 'my own'],
      ],
    });
    expect(valuesOf(request, 'via')).toEqual([expect.stringMatching(/^1\.1 proxy, 1\.1 \w+\.cloudfront\.net/)]);
    expect(valuesOf(request, 'x-amz-cf-id')).toEqual(['the-request-id==']);
  });

  it.each(['Connection', 'Upgrade', 'Expect', 'X-Forwarded-Proto', 'X-Real-IP', 'X-Edge-Location'])(
    'never has the viewer’s %s',
    (name) => {
      expect(valuesOf(toOrigin({ headers: [[name, 'value']] }), name.toLowerCase())).toEqual([]);
    },
  );

  it('has the user agent “Amazon CloudFront” if the viewer names none', () => {
    expect(valuesOf(toOrigin({}), 'user-agent')).toEqual(['Amazon CloudFront']);
    expect(valuesOf(toOrigin({ headers: [['User-Agent', 'curl/8']] }), 'user-agent')).toEqual(['curl/8']);
  });
});

describe('the origin request policy', () => {
  const request = {
    headers: [
      ['Cookie', 'a=1'],
      ['Accept', 'text/html'],
      ['User-Agent', 'curl/8'],
    ],
  } as const;

  it('forwards the viewer’s headers, but may replace Host by the origin’s name', () => {
    expect(valuesOf(toOrigin(request, { forwards: 'all' }), 'host')).toEqual([CLOUDFRONT_HOST]);
    expect(valuesOf(toOrigin(request, { forwards: 'all except host' }), 'host')).toEqual([API_HOST]);
    expect(valuesOf(toOrigin(request, { forwards: 'all' }), 'cookie')).toEqual(['a=1']);
  });

  it('is needed to forward the viewer’s query, Cookie, Accept and User-Agent, but not to send the API key', () => {
    const { path, headers } = toOrigin(request, { forwards: 'nothing' });
    expect(path).toBe('/live/items');
    expect(Object.fromEntries(headers)).toEqual({
      Host: API_HOST,
      'User-Agent': 'Amazon CloudFront',
      Via: expect.any(String),
      'X-Forwarded-For': '203.0.113.1',
      'X-Amz-Cf-Id': expect.any(String),
      'x-api-key': API_KEY,
    });
  });

  it.each(['nothing', 'all'] as const)(
    'that forwards %s does not affect Content-Length or chunked encoding',
    (forwards) => {
      const withLength = toOrigin({ headers: [['content-length', '5']] }, { forwards });
      const chunked = toOrigin({ headers: [['transfer-encoding', 'chunked']] }, { forwards });
      expect([valuesOf(withLength, 'content-length'), valuesOf(withLength, 'transfer-encoding')]).toEqual([['5'], []]);
      expect([valuesOf(chunked, 'content-length'), valuesOf(chunked, 'transfer-encoding')]).toEqual([[], ['chunked']]);
    },
  );
});
