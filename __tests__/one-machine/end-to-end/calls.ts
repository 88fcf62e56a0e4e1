import type { Values } from '../support/changed-state';
import type { HttpResponse } from '../../../local/__tests__/support';
import type { RunningDeployment } from '../support/running-deployment';
import { measureMatrix } from '../support/measure-matrix';

/** Address of a caller outside the offices. */
export const OUTSIDE_CALLER = '127.0.0.9';

const SECURITY_HEADERS = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-xss-protection': '1; mode=block',
};

/** Expects the headers that a JSON answer gets from the function, API Gateway and CloudFront. */
function expectHeaders({ headers }: HttpResponse, xCache: 'Miss' | 'Error' = 'Miss'): void {
  expect(headers).toMatchObject({
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-cache': `${xCache} from cloudfront`,
    via: expect.stringMatching(/^1\.1 \w+\.cloudfront\.net \(CloudFront\)$/),
    'x-amz-cf-id': expect.stringMatching(/^[\w-]+=*$/),
    'x-amzn-requestid': expect.stringMatching(/^[\w-]{36}$/),
    'x-request-id': headers['x-amzn-requestid'],
  });
}

/** Calls the API from the offices and from elsewhere. Also calls API Gateway without CloudFront. */
export function testCalls(running: RunningDeployment): void {
  describe('a call from an office', () => {
    it('to / returns the names of the database users', async () => {
      const response = await running.get('/');
      expect(response.status).toBe(200);
      expect(response.json()).toEqual({ users: expect.arrayContaining(['analyst', 'items', 'timestamps']) });
      expectHeaders(response);
    });

    it('to /items returns the rows of the table, page by page', async () => {
      const response = await running.get('/items');
      const { items, next } = response.json();
      expect([items.length, items[0], next]).toEqual([4, { id: 1, name: 'notebook' }, null]);
      expectHeaders(response);

      const first = (await running.get('/items?limit=3')).json();
      const second = (await running.get(`/items?limit=3&cursor=${first.next}`)).json();
      expect([...first.items, ...second.items]).toEqual(items);
      expect(second.next).toBeNull();
    });

    it('to /func1 and /func2 stores the time in the same table', async () => {
      const [func1, func2] = [await running.get('/func1'), await running.get('/func2')];
      expect([func1.json().via, func2.json().via]).toEqual(['password-proxy', 'iam-proxy']);
      const { recorded, timestamps } = func2.json();
      expect([timestamps[0], timestamps[1]]).toEqual([recorded, func1.json().recorded]);
      [func1, func2].forEach((response) => expectHeaders(response));
    });

    it('to /auth-matrix returns all logins, each with the outcome that the settings predict', async () => {
      const { agrees, settings, probes } = await measureMatrix(running);
      // Row numbers of contract/known-matrix.ts: 2 is the instance, 4 the password proxy, 10 the IAM proxy.
      expect(settings.rows.map(({ row }) => row)).toEqual([2, 4, 10]);
      expect(probes.filter((probe) => !probe.agrees)).toEqual([]);
      expect([probes.length, agrees]).toEqual([12, true]);
    });

    it('to /auth-matrix returns a page to a browser', async () => {
      const page = await running.get('/auth-matrix', { headers: { accept: 'text/html,*/*;q=0.8' } });
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('All 12 logins came out as the settings say');
    });

    it.each(['/', '/func1', '/items'])('to %s returns JSON to a browser too', async (path) => {
      const response = await running.get(path, { headers: { accept: 'text/html,*/*;q=0.8' } });
      expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    });

    it.each(['/', '/func1', '/func2', '/items', '/auth-matrix'])('to %s with HEAD returns no body', async (path) => {
      const response = await running.get(path, { method: 'HEAD' });
      expect([response.status, response.text]).toEqual([200, '']);
      expectHeaders(response);
    });

    it('to /func1 with HEAD stores nothing', async () => {
      const countRows = () => running.deployment.aws.database.query('SELECT COUNT(*) FROM app.timestamps');
      const before = await countRows();
      await running.get('/func1', { method: 'HEAD' });
      expect(await countRows()).toEqual(before);
    });

    it('for the next page of /func1 returns older times and stores no new one', async () => {
      const { next, timestamps } = (await running.get('/func1?limit=1')).json();
      const older = (await running.get(`/func1?limit=1&cursor=${next}`)).json();
      expect([timestamps.length, older.recorded, older.timestamps.length]).toEqual([1, null, 1]);
      expect(older.timestamps[0] <= timestamps[0]).toBe(true);
    });

    it.each([
      ['/items?limit=0', 400, 'limit must be a whole number from 1 to 1000'],
      ['/func1?cursor=nonsense', 400, 'cursor must be the value of "next" in an earlier answer'],
      ['/?limit=1', 400, 'Unknown parameter "limit". This route has none.'],
      ['/nowhere', 404, 'There is no such route.'],
    ])('to %s returns %i: %s', async (path, status, error) => {
      const response = await running.get(path);
      expect([response.status, response.json().error]).toEqual([status, error]);
      expect(response.json().requestId).toBe(response.headers['x-amzn-requestid']);
      expectHeaders(response, 'Error');
    });

    it('without TLS is redirected to HTTPS', async () => {
      const response = await running.get('/items', { port: running.served.edge.httpPort, ca: undefined } as object);
      const { domain_name: host } = running.one('aws_cloudfront_distribution');
      const location = `https://${host}:${running.served.edge.httpsPort}/items`;
      expect([response.status, response.headers.location]).toEqual([301, location]);
    });

    it('over IPv6 succeeds, because an office has IPv6 addresses', async () => {
      expect((await running.get('/items', { address: '::1' })).status).toBe(200);
    });

    it('with a wrong API key succeeds, because CloudFront replaces the key; the log of the WAF hides the wrong key', async () => {
      const response = await running.get('/items', { headers: { 'x-api-key': 'the key of a viewer' } });
      expect(response.status).toBe(200);
      const line = await running.logs.since('waf', /x-api-key/);
      expect(line).toContain('{"name":"x-api-key","value":"REDACTED"}');
      expect(line).not.toContain('the key of a viewer');
    });

    it('succeeds after a failover has closed every connection', async () => {
      await running.failOver();
      const answers = await Promise.all(['/', '/func1', '/func2', '/items'].map((path) => running.get(path)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });
  });

  describe('a call from outside the offices', () => {
    const expectBlocked = ({ status, headers, text }: HttpResponse): void => {
      expect([status, headers['x-cache']]).toEqual([403, 'Error from cloudfront']);
      expect(text).toContain('Request blocked.');
    };

    it('is blocked, even with forged headers or with the API key', async () => {
      expectBlocked(await running.get('/items', { from: OUTSIDE_CALLER }));
      const forged = { 'x-forwarded-for': '203.0.113.1', forwarded: 'for=203.0.113.1', 'x-real-ip': '203.0.113.1' };
      expectBlocked(await running.get('/items', { from: OUTSIDE_CALLER, headers: forged }));
      const { value } = running.one('aws_api_gateway_api_key');
      expectBlocked(await running.get('/items', { from: OUTSIDE_CALLER, headers: { 'x-api-key': value } }));
      expect(await running.logs.since('waf', /BLOCK/)).toMatch(
        /"terminatingRuleId":"Default_Action".*"action":"BLOCK"/,
      );
    });

    it('is blocked over IPv6 if no office has IPv6 addresses', async () => {
      await running.serveChanged((state) => (state.one('aws_wafv2_ip_set', 'ipv6')['addresses'] = []));
      expectBlocked(await running.get('/items', { address: '::1' }));
      expect((await running.get('/items')).status).toBe(200);
      await running.serve();
    });
  });

  describe('an address that exceeds its rate limit', () => {
    it('gets 429 with Retry-After, while other addresses are served', async () => {
      await running.serveChanged((state) => {
        const rules = state.one('aws_wafv2_web_acl')['rule'] as Values[];
        const [limit] = rules.flatMap(({ statement }) => statement[0].rate_based_statement ?? []) as Values[];
        if (limit) limit['limit'] = 2;
      });
      const answers = [await running.get('/items'), await running.get('/items'), await running.get('/items')];
      const other = await running.get('/items', { address: '::1' });
      await running.serve();
      expect([...answers, other].map(({ status }) => status)).toEqual([200, 200, 429, 200]);
      expect(answers[2]?.headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '60' });
      expect(answers[2]?.json().error).toBe('Too many requests from your address. Wait as long as Retry-After says.');
    });
  });

  describe('API Gateway', () => {
    it('refuses direct calls without a key or with a wrong one', async () => {
      for (const headers of [{}, { 'x-api-key': 'wrong' }]) {
        const { status, json } = await running.getFromApiGateway('/items', headers);
        expect([status, json().error]).toEqual([403, 'The API key is missing or wrong.']);
      }
    });

    it('accepts direct calls with the key that CloudFront sends', async () => {
      const { value } = running.one('aws_api_gateway_api_key');
      expect((await running.getFromApiGateway('/items', { 'x-api-key': value })).status).toBe(200);
    });

    it.each([
      ['throttle_settings', { rate_limit: 0.01, burst_limit: 2 }, 'Too many requests. Try again in a moment.', '1'],
      ['quota_settings', { limit: 2, offset: 0, period: 'DAY' }, 'The quota of requests is used up.', '3600'],
    ])(
      'answers requests beyond the %s of the usage plan with 429 and Retry-After',
      async (settings, limits, error, retryAfter) => {
        await running.serveChanged((state) => (state.one('aws_api_gateway_usage_plan')[settings] = [limits]));
        const answers = [await running.get('/items'), await running.get('/items'), await running.get('/items')];
        await running.serve();
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
        expect([answers[2]?.json().error, answers[2]?.headers['retry-after']]).toEqual([error, retryAfter]);
      },
    );
  });
}
