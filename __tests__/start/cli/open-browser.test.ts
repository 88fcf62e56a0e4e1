import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../../../start/cli/open-browser';

const { PATH } = process.env;

afterEach(() => {
  process.env['PATH'] = PATH;
  jest.restoreAllMocks();
});

it('without a program that opens pages, prints the address and the remedy, and does not fail', () => {
  const printed = jest.spyOn(console, 'error').mockImplementation();
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  process.env['PATH'] = folder;
  openBrowser('https://api.example.com');
  expect(printed).toHaveBeenCalledWith(
    '--open needs xdg-open, which is missing. Open https://api.example.com yourself, or install xdg-utils.',
  );
  rmSync(folder, { recursive: true });
});
