/** Writes the table of settings into docs/settings.md, between its two markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsReference } from '../modules/settings/reference';

const FILE = join(__dirname, '..', 'docs', 'settings.md');
const BETWEEN_MARKERS = /(<!-- settings -->\n).*(\n<!-- end of settings -->)/s;

const document = readFileSync(FILE, 'utf8');
writeFileSync(
  FILE,
  document.replace(BETWEEN_MARKERS, (_all, start: string, end: string) => `${start}\n${settingsReference()}\n${end}`),
);
