import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium-program';
import { call, type HttpRequest, type HttpResponse } from '../../../local/__tests__/support';
import type { RunningDeployment } from '../support/running-deployment';
import { howToUse } from '../../../start/screen';
import { OUTSIDE_CALLER } from './calls';

/** Tests the port for browsers. It serves plain HTTP, because browsers do not trust the local certificate authorities. */
export function testPageInBrowser(running: RunningDeployment): void {
  describe('the page in a browser', () => {
    let browser: Browser;
    let url: string;

    beforeAll(async () => {
      const { deployment, served } = running;
      url = howToUse({ deployment, served, folder: running.deploymentFolder }).url ?? '';
      browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
    });

    afterAll(() => browser.close());

    const open = async (address: string): Promise<Page> => {
      const page = await browser.newPage();
      await page.goto(address, { waitUntil: 'load' });
      return page;
    };

    it('opens at the printed URL without a certificate warning', async () => {
      const page = await open(url);
      expect(page.url()).toBe(`http://localhost:${running.served.browser.port}/auth-matrix`);
      expect(await page.textContent('h1')).toBe('Which logins connect to this database?');
      expect(await page.textContent('.verdict')).toMatch(/12 logins /);
    });

    it('can be reloaded, because nothing redirects the browser to HTTPS', async () => {
      const page = await open(url);
      await page.reload();
      expect([new URL(page.url()).protocol, await page.textContent('h1')]).toEqual([
        'http:',
        'Which logins connect to this database?',
      ]);
    });

    it('cannot be fetched by a page of another site', async () => {
      const otherSite = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
      await once(otherSite, 'listening');
      const page = await open(`http://127.0.0.1:${(otherSite.address() as AddressInfo).port}`);
      const response = page.waitForResponse(url);
      await page.evaluate((target) => fetch(target, { mode: 'no-cors' }).then(() => undefined), url);
      expect((await response).status()).toBe(403);
      otherSite.close();
    });
  });

  describe('the port for browsers', () => {
    const callPort = (change: Partial<HttpRequest> = {}): Promise<HttpResponse> =>
      call({ port: running.served.browser.port, host: 'localhost', path: '/items', ...change });

    it('calls CloudFront from the address of the caller, so the web ACL can block the caller', async () => {
      expect((await callPort()).status).toBe(200);
      const blocked = await callPort({ from: OUTSIDE_CALLER });
      expect([blocked.status, blocked.text]).toEqual([403, expect.stringContaining('Request blocked.')]);
      expect(await running.logs.since('waf', /BLOCK/)).toMatch(/"action":"BLOCK"/);
    });

    it('serves IPv6', async () => {
      expect((await callPort({ address: '::1' })).status).toBe(200);
    });

    it('refuses a foreign host name, which a DNS rebinding attack would send', async () => {
      expect((await callPort({ host: 'rebound.example' })).status).toBe(403);
    });

    it.each([
      ['cross-site', 'no-cors', 'image', 403],
      ['same-site', 'cors', 'empty', 403],
      ['cross-site', 'navigate', 'iframe', 403],
      ['cross-site', 'navigate', 'document', 200],
      ['same-origin', 'cors', 'empty', 200],
    ])('answers a %s request of mode %s for %s with %d', async (site, mode, dest, status) => {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
      expect((await callPort({ headers })).status).toBe(status);
    });
  });
}
