import type { Html } from '../../functions/auth-matrix/html';

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** Returns the text of an element as a reader sees it: without markup, and with one space between its parts. */
export const visibleText = (html: string): string =>
  html
    .replaceAll('<wbr />', '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();

/** Returns the texts of the cells in each row of a table's body. */
export function cellsOf({ text }: Html): string[][] {
  const [, body = ''] = /<tbody[^>]*>(.*?)<\/tbody>/s.exec(text) ?? [];
  return [...body.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd]\b[^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => visibleText(cell)),
  );
}
