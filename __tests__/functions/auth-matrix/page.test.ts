import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { page } from '../../../functions/auth-matrix/page';
import type { Measurement } from '../../../functions/auth-matrix/measure';
import { findChromium } from '../../../scripts/chromium-program';
import { agreeing, differing } from '../../support/measurement';

jest.setTimeout(120_000);

const HOSTILE = '<script>fetch("//elsewhere.example")</script>"\'&';
const PHONE = { viewport: { width: 320, height: 640 } };

/** With markup in every text that comes from outside. */
const hostile: Measurement = {
  ...differing,
  probes: differing.probes.map((probe) => ({ ...probe, reason: HOSTILE, code: HOSTILE, because: HOSTILE })),
};
const measurements: Record<string, Measurement> = {
  '/agreeing': agreeing,
  '/differing': differing,
  '/hostile': hostile,
};

let browser: Browser;
let server: Server;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const { html, contentSecurityPolicy } = page(measurements[url] ?? agreeing);
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy };
    response.writeHead(200, headers).end(html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await chromium.launch({
    executablePath: findChromium(),
    // Chromium's sandbox refuses to run as root, as containers do.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', '--disable-gpu'],
  });
});

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

afterAll(async () => {
  await browser.close();
  server.close();
});

interface Shown {
  readonly shown: Page;
  /** Everything that the page asked for. */
  readonly requests: readonly string[];
  /** What the browser complained of. */
  readonly complaints: readonly string[];
}

/** The page of a measurement, in a browser. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Shown> {
  const shown = await (await browser.newContext(options)).newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  shown.on('request', (request) => requests.push(new URL(request.url()).pathname));
  shown.on('console', (message) => complaints.push(message.text()));
  shown.on('pageerror', (error) => complaints.push(error.message));
  await shown.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { shown, requests, complaints };
}

/** As much of the browser's own types as is used inside it: those of this project are Node's. */
interface PageElement {
  readonly children: Iterable<PageElement>;
  readonly parentElement: PageElement;
  textContent: string;
  readonly scrollWidth: number;
  cloneNode(deep: boolean): PageElement;
  querySelectorAll(selector: string): Iterable<PageElement>;
  append(child: PageElement): void;
  remove(): void;
}
declare const document: {
  readonly head: PageElement;
  readonly documentElement: PageElement;
  createElement(name: string): PageElement;
};
declare const getComputedStyle: (element: PageElement, pseudo?: string) => Readonly<Record<string, string>>;

/** The cells of a table, each without what is small in it. */
function rowsOf(shown: Page, caption: string): Promise<string[][]> {
  const rows = shown.getByRole('table', { name: caption, exact: true }).locator('tbody tr');
  return rows.evaluateAll((elements: PageElement[]) =>
    elements.map((row) =>
      [...row.children].map((cell) => {
        const copy = cell.cloneNode(true);
        for (const small of copy.querySelectorAll('small')) small.remove();
        return copy.textContent.trim();
      }),
    ),
  );
}

describe('the page of a measurement', () => {
  it('is the matrix, a row for each combination that is deployed', async () => {
    const { shown } = await open('/agreeing');
    expect(await shown.title()).toBe('All 12 logins are as expected – login matrix');
    expect(await rowsOf(shown, 'Over TLS')).toEqual([
      ['2', 'no proxy', '', 'on', 'oconnects', 'oconnects', '', ''],
      ['4', 'no', 'disabled', 'on', 'oconnects', 'oconnects', 'oconnects', 'xrefused'],
      ['10', 'yes', 'required', 'on', 'oconnects', 'oconnects', 'xrefused', 'oconnects'],
    ]);
    expect(await rowsOf(shown, 'Without TLS')).toEqual([
      ['2', 'no proxy', '', 'on', 'oconnects', 'xrefused', '', ''],
      ['4', 'no', 'disabled', 'on', 'oconnects', 'xrefused', 'xrefused', 'xrefused'],
      ['10', 'yes', 'required', 'on', 'oconnects', 'xrefused', 'xrefused', 'xrefused'],
    ]);
  });

  it('names its columns in words', async () => {
    const { shown } = await open('/agreeing');
    const headings = shown.getByRole('table', { name: 'Over TLS' }).getByRole('columnheader');
    expect(await headings.allTextContents()).toEqual([
      '#',
      'Proxy: TLS required',
      'Proxy: IAM',
      'RDS: IAM DB auth',
      'a password → RDS',
      'b IAM → RDS',
      'c password → proxy → RDS',
      'd IAM → proxy → RDS',
    ]);
  });

  it('marks what is not as expected in words, and opens the list that says why', async () => {
    const { shown } = await open('/differing');
    expect(await shown.locator('.verdict').textContent()).toBe('≠ 3 of 12 logins are not as expected');
    const [, four] = await rowsOf(shown, 'Over TLS');
    expect(four?.slice(4)).toEqual([
      'oconnects',
      'xrefused≠ expected o',
      '–unusable≠ expected o',
      'oconnects≠ expected x',
    ]);
    expect(await shown.getByRole('table', { name: 'Each login' }).isVisible()).toBe(true);
    expect(await shown.getByText('the proxy has IAM disabled').first().isVisible()).toBe(true);
  });

  it('keeps that list closed where all is well', async () => {
    const { shown } = await open('/agreeing');
    expect(await shown.getByRole('table', { name: 'Each login' }).isVisible()).toBe(false);
    await shown.getByText('Each login, with what was expected and why').click();
    expect(await shown.getByText('ER_ACCESS_DENIED_ERROR').first().isVisible()).toBe(true);
  });

  it('shows text as text, whatever it holds', async () => {
    const { shown, complaints } = await open('/hostile');
    expect(await shown.locator('script').count()).toBe(0);
    expect(await shown.locator('code').first().textContent()).toBe(HOSTILE);
    expect(complaints).toEqual([]);
  });

  it.each(['/agreeing', '/differing'])('asks for nothing but itself, and keeps to its own policy: %s', async (path) => {
    const { requests, complaints } = await open(path);
    expect(requests).toEqual([path]);
    expect(complaints).toEqual([]);
  });

  it('has a policy under which nothing else would run, style included', async () => {
    const { shown } = await open('/agreeing');
    await shown.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'h1 { display: none }';
      document.head.append(style);
    });
    expect(await shown.getByRole('heading').isVisible()).toBe(true);
  });
});

describe('on a phone', () => {
  it.each(['/agreeing', '/differing', '/hostile'])('the page is as wide as the screen: %s', async (path) => {
    const { shown } = await open(path, PHONE);
    await shown.locator('details').evaluate((details) => void Object.assign(details, { open: true }));
    expect(await shown.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it('each cell is labelled, and the table is a table still', async () => {
    const { shown } = await open('/agreeing', PHONE);
    const cell = shown.getByRole('table', { name: 'Over TLS' }).getByRole('row').nth(2).getByRole('cell').last();
    const label = await cell.evaluate((element) => getComputedStyle(element, '::before')['content']);
    expect(label).toContain('IAM → proxy → RDS');
  });

  it('a row without a proxy keeps its columns for those who hear it', async () => {
    const { shown } = await open('/agreeing', PHONE);
    const table = shown.getByRole('table', { name: 'Over TLS' });
    const [, ...rows] = await table.getByRole('row').all();
    const columns = await table.getByRole('columnheader').count();
    for (const row of rows) expect(await row.getByRole('cell').count()).toBe(columns - 1);
    expect(await rows[0]?.getByRole('cell').nth(2).textContent()).toBe('on');
  });
});

describe.each(['light', 'dark'] as const)('by %s', (colorScheme) => {
  it('every text stands out from its ground', async () => {
    const { shown } = await open('/differing', { colorScheme });
    const texts = shown.locator('h1, p, li, th, td, small, summary, .mark, .differing, caption');
    const contrasts = await texts.evaluateAll((elements: PageElement[]) => {
      const luminance = (color: string): number => {
        const linear = (color.match(/[\d.]+/g) ?? []).map((channel) => (Number(channel) / 255) ** 2.2);
        return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
      };
      const groundOf = (element: PageElement): string => {
        const { backgroundColor = '' } = getComputedStyle(element);
        return backgroundColor === 'rgba(0, 0, 0, 0)' ? groundOf(element.parentElement) : backgroundColor;
      };
      return elements.map((element) => {
        const colors = [getComputedStyle(element)['color'] ?? '', groundOf(element)].map(luminance);
        return (Math.max(...colors) + 0.05) / (Math.min(...colors) + 0.05);
      });
    });
    expect(contrasts.length).toBeGreaterThan(50);
    // What WCAG asks of text: https://www.w3.org/TR/WCAG22/#contrast-minimum
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
  });

  it(`the ground is ${colorScheme}`, async () => {
    const { shown } = await open('/agreeing', { colorScheme });
    const ground = await shown.locator('body').evaluate((body) => getComputedStyle(body)['backgroundColor']);
    expect(ground).toBe(colorScheme === 'light' ? 'rgb(247, 247, 245)' : 'rgb(21, 23, 26)');
  });
});
