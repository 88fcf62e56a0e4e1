/**
 * Takes the pictures of the README from a running deployment: `npm run screenshots`, while `npm start` runs, or
 * `npm run screenshots -- URL` with the URL of another /auth-matrix.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium-program';

const FOLDER = join(__dirname, '..', 'docs', 'pictures');
const DEFAULT_URL = 'http://localhost:8000/auth-matrix';
const VIEWPORT = { width: 900, height: 1000 };
/** Makes the pictures smaller. Unlike resizing a finished picture, it keeps text sharp. */
const SCALE = 0.8;
const MARGIN = 24;
/** The picture shows the last load of the page, because the first includes the cold start of the function. */
const PAGE_LOADS = 3;
/** Keeps the README quick to load. */
const MAX_BYTES = 150 * 1024;

async function main([url = DEFAULT_URL]: readonly string[]): Promise<void> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // Chromium's sandbox refuses to run as root, the usual user in a container.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme, viewport: VIEWPORT, deviceScaleFactor: SCALE });
      for (let count = 0; count < PAGE_LOADS; count += 1) {
        const response = await page.goto(url);
        if (response?.status() !== 200)
          throw new Error(
            `${url} must answer 200, got ${response?.status() ?? 'nothing'}. Open it in a browser to see why.`,
          );
      }
      const path = join(FOLDER, `auth-matrix-${colorScheme}.png`);
      const sections = page.locator('section:has(#ways)');
      // Without a section, boundingBox would wait for one.
      const box = (await sections.count()) === 0 ? null : await sections.boundingBox();
      if (box === null) throw new Error(`${url} is not the page of the matrix. Give the URL of /auth-matrix.`);
      const clip = { x: 0, y: box.y - MARGIN, width: VIEWPORT.width, height: box.height + 2 * MARGIN };
      await page.screenshot({ path, clip, fullPage: true });
      const { size } = statSync(path);
      if (size > MAX_BYTES) throw new Error(`${path} must have at most ${MAX_BYTES} bytes, got ${size}. Lower SCALE.`);
      console.log(`${path}: ${Math.round(size / 1024)} KiB`);
    }
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
