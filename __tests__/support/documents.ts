import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Reads a file of `docs/`. */
export const readDocument = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');

/** Removes the spaces and hyphens with which Prettier aligns the columns of a table. */
export const withoutAlignment = (markdown: string): string =>
  markdown.replace(/ +/g, ' ').replace(/-{3,}/g, '---').replaceAll('| ---', '|---').replaceAll('--- |', '---|');

/** A block of commands in a document. */
export interface CommandBlock {
  /** The heading above it. */
  readonly heading: string;
  /** `sh` or `sql`. */
  readonly language: string;
  readonly lines: readonly string[];
}

/** Reads the blocks of commands in a document. @param file its path in the project */
export function commandBlocksOf(file: string): readonly CommandBlock[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^ *```(sh|sql)\n([^]*?)^ *```$/gm)].map(({ index, 1: language = '', 2: body = '' }) => {
    const headings = [...text.slice(0, index).matchAll(/^#+ (.+)$/gm)];
    const lines = body.split('\n').map((line) => line.trim());
    return { heading: headings.at(-1)?.[1] ?? '', language, lines: lines.filter((line) => line !== '') };
  });
}
