import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { answersOf } from '../../../functions/auth-matrix/decision';
import { knownSection } from '../../../functions/auth-matrix/known';
import type { Measurement } from '../../../functions/auth-matrix/measure';
import { page as renderPage } from '../../../functions/auth-matrix/page';
import { waysTable } from '../../../functions/auth-matrix/ways';
import { findChromium } from '../../../scripts/chromium-program';
import { agreeingMeasurement, differingMeasurement } from '../../support/measurement';
import { cellsOf } from '../../support/html-text';

jest.setTimeout(120_000);

const HOSTILE = '<script>fetch("//elsewhere.example")</script>"\'&';
const PHONE = { viewport: { width: 320, height: 640 } };

/** A measurement with markup in every external text. */
const hostileMeasurement: Measurement = {
  ...differingMeasurement,
  environment: HOSTILE,
  region: HOSTILE,
  probes: differingMeasurement.probes.map((probe) => ({
    ...probe,
    reason: HOSTILE,
    code: HOSTILE,
    because: HOSTILE,
    cause: HOSTILE,
  })),
};
const measurements: Record<string, Measurement> = {
  '/agreeing': agreeingMeasurement,
  '/differing': differingMeasurement,
  '/hostile': hostileMeasurement,
};

let browser: Browser;
let server: Server;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const { html, contentSecurityPolicy } = renderPage(measurements[url] ?? agreeingMeasurement);
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy };
    response.writeHead(200, headers).end(html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await chromium.launch({
    executablePath: findChromium(),
    // Chromium's sandbox refuses to run as root, which is usual in containers.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', '--disable-gpu'],
  });
});

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

afterAll(async () => {
  await browser.close();
  server.close();
});

interface OpenedPage {
  readonly page: Page;
  /** Paths that the page has requested. */
  readonly requests: readonly string[];
  /** Messages in the browser's console, such as violations of the content security policy, and errors of scripts. */
  readonly messages: readonly string[];
}

/** Opens the page of a measurement in a browser. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const page = await (await browser.newContext(options)).newPage();
  const requests: string[] = [];
  const messages: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { page, requests, messages };
}

/** The parts of the browser's types that this file uses. The project has only the types of Node.js. */
interface PageElement {
  readonly parentElement: PageElement;
  readonly tagName: string;
  readonly id: string;
  readonly childNodes: Iterable<PageElement>;
  textContent: string;
  readonly scrollWidth: number;
  append(child: PageElement): void;
}
declare const document: {
  readonly head: PageElement;
  readonly documentElement: PageElement;
  createElement(name: string): PageElement;
  createRange(): { selectNodeContents(node: PageElement): void; getClientRects(): { readonly length: number } };
};
declare const getComputedStyle: (element: PageElement, pseudo?: string) => Readonly<Record<string, string>>;

/** Returns the visible texts of a table's cells. */
async function visibleCellsOf(page: Page, name: string): Promise<string[][]> {
  const rows = await page.getByRole('table', { name, exact: true }).locator('tbody tr').all();
  return Promise.all(
    rows.map(async (row) => {
      const cells = await row.locator('th, td').allInnerTexts();
      return cells.map((cell) => cell.replace(/\s+/g, ' ').trim());
    }),
  );
}

const WAYS = 'Every way in, measured';
const KNOWN = 'Outcomes with other settings';

describe('the header', () => {
  it('names the deployment and the time of the measurement', async () => {
    const { page } = await open('/agreeing');
    expect(await page.getByRole('banner').locator('dd').allInnerTexts()).toEqual([
      'test',
      'eu-central-1',
      '31 January 2026, 12:00:00 UTC',
    ]);
    expect(await page.title()).toBe(
      'All 12 logins came out as the settings say, 1 of them unencrypted – login matrix of test',
    );
  });

  it('has a link that measures again', async () => {
    const { page, requests } = await open('/agreeing');
    await page.getByRole('link', { name: 'Measure again' }).click();
    await page.waitForLoadState();
    expect(requests).toEqual(['/agreeing', '/agreeing']);
  });

  it('downloads the shown measurement as JSON, without another measurement', async () => {
    const { page, requests } = await open('/differing');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download JSON' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('auth-matrix-test.json');
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual(differingMeasurement);
    expect(requests).toEqual(['/differing']);
  });

  it('can be used by keyboard, with a visible focus on each link', async () => {
    const { page } = await open('/agreeing');
    for (const name of ['Measure again', 'Download JSON']) {
      await page.keyboard.press('Tab');
      const link = page.getByRole('link', { name });
      expect(await link.evaluate((element) => getComputedStyle(element)['outlineStyle'])).toBe('solid');
    }
  });
});

describe('the ways to log in', () => {
  it('are visible with all their text', async () => {
    const { page } = await open('/differing');
    expect(await visibleCellsOf(page, WAYS)).toEqual(cellsOf(waysTable(differingMeasurement)));
  });

  it('are coloured by whether they agree with the settings, not by whether they connect', async () => {
    const { page } = await open('/agreeing');
    expect(await page.locator('.measured.agrees').count()).toBe(11);
    expect(await page.locator('.measured.differs').count()).toBe(0);
    expect(await page.locator('.measured.agrees .refused').count()).toBe(7);
    // The login by password to the instance without TLS: it connects, as expected, but unencrypted.
    expect(await page.locator('.measured.exposed').count()).toBe(1);
  });

  it('are counted if they differ from the settings; the page then names docs/troubleshooting.md', async () => {
    const { page } = await open('/differing');
    expect(await page.locator('.verdict').textContent()).toBe('3 of 12 logins did not come out as the settings say');
    expect(await page.getByText('docs/troubleshooting.md').isVisible()).toBe(true);
  });
});

describe('the table “Outcomes with other settings”', () => {
  it('is visible with all its text', async () => {
    const { page } = await open('/agreeing');
    expect(await visibleCellsOf(page, KNOWN)).toEqual(cellsOf(knownSection(agreeingMeasurement)));
  });

  it('explains its numbers and letters', async () => {
    const { page } = await open('/agreeing');
    expect(await page.getByText('In this deployment row 2 applies to the instance, row 4 to').isVisible()).toBe(true);
    const headings = page.getByRole('table', { name: KNOWN }).getByRole('columnheader');
    expect((await headings.allTextContents()).slice(3)).toEqual([
      'a password to the instance',
      'b IAM to the instance',
      'c password through the proxy',
      'd IAM through the proxy',
    ]);
  });
});

describe('the page', () => {
  it('shows each question with its answer from the measurement', async () => {
    const { page } = await open('/agreeing');
    expect(await page.locator('.answers dt, .answers dd').allTextContents()).toEqual(
      answersOf(agreeingMeasurement).flat(),
    );
  });

  it('escapes every external text', async () => {
    const { page, messages } = await open('/hostile');
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.locator('td code').first().textContent()).toBe(HOSTILE);
    expect(messages).toEqual([]);
  });

  it('requests only itself, and conforms to its content security policy', async () => {
    const { requests, messages } = await open('/differing');
    expect(requests).toEqual(['/differing']);
    expect(messages).toEqual([]);
  });

  it('has a content security policy that blocks injected scripts and styles', async () => {
    const { page } = await open('/agreeing');
    await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'h1 { display: none }';
      const script = document.createElement('script');
      script.textContent = 'document.title = "changed by a script"';
      document.head.append(style);
      document.head.append(script);
    });
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    expect(await page.title()).not.toBe('changed by a script');
  });

  // https://www.w3.org/TR/WCAG22/: 1.3.1, 2.4.2, 2.4.6, 3.1.1, 4.1.2
  it('has a language, landmarks, headings in order, unique ids and a name for every table and link', async () => {
    const { page } = await open('/differing');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    for (const role of ['banner', 'main', 'navigation'] as const) expect(await page.getByRole(role).count()).toBe(1);
    const levels = await page
      .locator('h1, h2, h3')
      .evaluateAll((all: PageElement[]) => all.map(({ tagName }) => tagName));
    expect(levels).toEqual(['H1', 'H2', 'H2', 'H2', 'H2']);
    const ids = await page.locator('[id]').evaluateAll((all: PageElement[]) => all.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await page.locator('svg:not([aria-hidden=true])').count()).toBe(0);
    expect(await page.getByRole('table', { name: /./ }).count()).toBe(await page.locator('table').count());
    expect(await page.getByRole('link', { name: /./ }).count()).toBe(await page.locator('a').count());
  });
});

describe('on a phone', () => {
  it.each(['/agreeing', '/differing', '/hostile'])('the page is as wide as the screen: %s', async (path) => {
    const { page } = await open(path, PHONE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it('a cell is labelled with its column, and both tables keep the role of a table', async () => {
    const { page } = await open('/agreeing', PHONE);
    for (const [name, row, label] of [
      [WAYS, 2, 'Without TLS'],
      [KNOWN, 4, 'IAM through the proxy'],
    ] as const) {
      const cell = page.getByRole('table', { name }).getByRole('row').nth(row).getByRole('cell').last();
      expect(await cell.evaluate((element) => getComputedStyle(element, '::before')['content'])).toContain(label);
    }
  });

  it('every row of the table “Outcomes with other settings” keeps all columns for screen readers, even if its settings have no proxy', async () => {
    const { page } = await open('/agreeing', PHONE);
    const table = page.getByRole('table', { name: KNOWN });
    const [, ...rows] = await table.getByRole('row').all();
    const columns = await table.getByRole('columnheader').count();
    for (const row of rows) expect(await row.getByRole('cell').count()).toBe(columns - 1);
  });

  it('an error code breaks only after an underscore', async () => {
    // On this narrow screen the code needs several lines.
    const { page } = await open('/agreeing', { viewport: { width: 200, height: 640 } });
    const parts = await page.locator('td code').evaluateAll((codes: PageElement[]) =>
      codes.flatMap(({ childNodes }) =>
        [...childNodes].map((node) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return { text: node.textContent, lines: range.getClientRects().length };
        }),
      ),
    );
    const words = parts.filter(({ text }) => text !== '');
    expect(words.slice(0, 4).map(({ text }) => text)).toEqual(['ER_', 'ACCESS_', 'DENIED_', 'ERROR']);
    expect(words.filter(({ lines }) => lines !== 1)).toEqual([]);
  });
});

describe.each([
  ['a tablet', { viewport: { width: 768, height: 1024 } }],
  ['a desktop', { viewport: { width: 1280, height: 800 } }],
])('on %s', (_screen, screen) => {
  it('the page is as wide as the screen, and both tables have the layout of tables', async () => {
    const { page } = await open('/differing', screen);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.viewport.width);
    const layouts = await page
      .locator('table')
      .evaluateAll((tables: PageElement[]) => tables.map((table) => getComputedStyle(table)['display']));
    expect(layouts).toEqual(['table', 'table']);
  });
});

describe('in print', () => {
  it('the page is black on white, without links and with the full text of both tables', async () => {
    const { page } = await open('/differing', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('link').count()).toBe(0);
    const colours = await page.locator('body').evaluate((body) => {
      const { color, backgroundColor } = getComputedStyle(body);
      return { color, backgroundColor };
    });
    expect(colours).toEqual({ color: 'rgb(0, 0, 0)', backgroundColor: 'rgb(255, 255, 255)' });
    expect(await visibleCellsOf(page, WAYS)).toEqual(cellsOf(waysTable(differingMeasurement)));
    expect(await visibleCellsOf(page, KNOWN)).toEqual(cellsOf(knownSection(differingMeasurement)));
  });
});

describe('in forced colours', () => {
  it('each kind of outcome has its own border style, because the browser replaces the colours', async () => {
    const { page } = await open('/differing', { forcedColors: 'active' });
    const borders = await Promise.all(
      ['agrees', 'exposed', 'differs'].map((kind) =>
        page
          .locator(`.measured.${kind}`)
          .first()
          .evaluate((element) => getComputedStyle(element)['borderInlineStartStyle']),
      ),
    );
    expect(borders).toEqual(['solid', 'dashed', 'double']);
  });
});

describe.each(['light', 'dark'] as const)('in %s mode', (colorScheme) => {
  it('every text has enough contrast', async () => {
    const { page } = await open('/differing', { colorScheme });
    const texts = page.locator('h1, h2, p, li, dt, dd, th, td, small, a, code, time, .outcome, .time, .here');
    const contrasts = await texts.evaluateAll((elements: PageElement[]) => {
      // Relative luminance, with 2.2 as the gamma of sRGB: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
      const luminance = (color: string): number => {
        const linear = (color.match(/[\d.]+/g) ?? []).map((channel) => (Number(channel) / 255) ** 2.2);
        return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
      };
      const backgroundOf = (element: PageElement): string => {
        const { backgroundColor = '' } = getComputedStyle(element);
        return backgroundColor === 'rgba(0, 0, 0, 0)' ? backgroundOf(element.parentElement) : backgroundColor;
      };
      return elements.map((element) => {
        const colors = [getComputedStyle(element)['color'] ?? '', backgroundOf(element)].map(luminance);
        return (Math.max(...colors) + 0.05) / (Math.min(...colors) + 0.05);
      });
    });
    // A smaller number would mean that the selectors miss texts of the page.
    expect(contrasts.length).toBeGreaterThan(50);
    // Minimum contrast of text: https://www.w3.org/TR/WCAG22/#contrast-minimum
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
  });

  it(`the background is ${colorScheme}`, async () => {
    const { page } = await open('/agreeing', { colorScheme });
    const background = await page.locator('body').evaluate((body) => getComputedStyle(body)['backgroundColor']);
    expect(background).toBe(colorScheme === 'light' ? 'rgb(246, 247, 249)' : 'rgb(20, 23, 27)');
  });
});
