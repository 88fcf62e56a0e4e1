import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../../../start/cli/open-browser';

const { PATH } = process.env;

afterEach(() => {
  process.env['PATH'] = PATH;
});

it('without a program that opens pages, the error has the address and the remedy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  process.env['PATH'] = folder;
  expect(() => openBrowser('https://api.example.com')).toThrow(
    '--open needs xdg-open, which is missing. Open https://api.example.com yourself, or install xdg-utils.',
  );
  rmSync(folder, { recursive: true });
});
