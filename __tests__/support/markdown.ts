import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a page in `docs/`. */
export const readPage = (page: string): string => readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8');

/** Removes the spaces with which Prettier aligns columns. */
export const withoutAlignment = (markdown: string): string =>
  markdown.replace(/ +/g, ' ').replace(/-{3,}/g, '---').replaceAll('| ---', '|---').replaceAll('--- |', '---|');
