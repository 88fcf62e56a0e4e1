/**
 * Takes the pictures of the README from a running deployment: `npm run screenshots`, while `npm start` runs, or
 * `npm run screenshots -- URL` for a deployment elsewhere.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium-program';

const FOLDER = join(__dirname, '..', 'docs', 'pictures');
const DEFAULT_URL = 'http://localhost:8000/auth-matrix';
const VIEWPORT = { width: 1200, height: 1260 };
/** What people load with the README should stay small. */
const MOST_BYTES = 150 * 1024;

async function main([url = DEFAULT_URL]: readonly string[]): Promise<void> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // Chromium's sandbox refuses to run as root, as containers do.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme, viewport: VIEWPORT });
      const answer = await page.goto(url);
      if (answer?.status() !== 200)
        throw new Error(`${url} answers ${answer?.status() ?? 'nothing'}. Run npm start first`);
      const path = join(FOLDER, `auth-matrix-${colorScheme}.png`);
      await page.screenshot({ path });
      const { size } = statSync(path);
      if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
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
