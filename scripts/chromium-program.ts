import { findProgram } from '../local';

/**
 * Finds a browser of the Chromium family for tests of pages.
 *
 * @returns its path
 * @throws Error that says how to install it.
 */
export function findChromium(): string {
  const path = findProgram(['chromium', 'chromium-browser', 'google-chrome']);
  if (path !== undefined) return path;
  throw new Error(
    'Chromium is not on the PATH. Run `npm run tools`, or install it: apt-get install chromium, dnf install chromium, or brew install --cask chromium.',
  );
}
