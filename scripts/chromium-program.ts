import which from 'which';

/**
 * Finds a browser of the Chromium family for tests of pages.
 *
 * @returns its path
 * @throws Error that says how to install it.
 */
export function findChromium(): string {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const path = names.map((name) => which.sync(name, { nothrow: true })).find((found) => found !== null);
  if (path !== undefined) return path;
  throw new Error(
    'Chromium is not on the PATH. Run `npm run tools`, or install it: apt-get install chromium, dnf install chromium, or brew install --cask chromium.',
  );
}
