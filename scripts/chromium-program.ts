import { delimiter } from 'node:path';
import which from 'which';

/**
 * Finds Chromium or Google Chrome on the PATH, for tests and screenshots of pages.
 *
 * @returns its path
 * @throws Error that says how to install it.
 */
export function findChromium(): string {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  // SECURITY: skips empty entries of the PATH, because the package `which` takes them for the current folder.
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const options = { path: folders.join(delimiter), nothrow: true } as const;
  const path = names.map((name) => which.sync(name, options)).find((found) => found !== null);
  if (path !== undefined) return path;
  throw new Error(
    'Chromium is not on the PATH. Run `npm run tools`, or install it: apt-get install chromium, dnf install chromium, or brew install --cask chromium.',
  );
}
