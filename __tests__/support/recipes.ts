import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The folder of git, and folders of generated or installed files. */
const NOT_COPIED = new Set(['.build', '.git', '.local', '.tools', 'cdktf.out', 'node_modules']);

/** A block of docs/extending.md: a new file, or a change of a file. The first line names the file. */
interface Recipe {
  readonly file: string;
  readonly isDiff: boolean;
  readonly lines: readonly string[];
}

function recipes(): readonly Recipe[] {
  const text = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
  const blocks = [...text.matchAll(/^( *)```(ts|diff)\n([^]*?)^ *```$/gm)];
  return blocks.map(([, indent = '', language, body = '']) => {
    const [firstLine = '', ...lines] = body
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(indent.length));
    return { file: firstLine.replace('// ', ''), isDiff: language === 'diff', lines };
  });
}

/**
 * Adds the lines that have a plus in a diff, unless the source already has them. The diff's other lines must be consecutive in the
 * source.
 */
function withAddedLines(source: string, lines: readonly string[]): string {
  const withoutMarks = (marked: readonly string[]): string => marked.map((line) => `${line.slice(1)}\n`).join('');
  const [before, after] = [withoutMarks(lines.filter((line) => !line.startsWith('+'))), withoutMarks(lines)];
  if (source.includes(after)) return source;
  expect(source).toContain(before);
  return source.replace(before, () => after);
}

/** Copies the project to a folder and follows the recipes of docs/extending.md there. @returns the new and changed files */
export function applyRecipes(project: string): readonly string[] {
  const sources = readdirSync(ROOT).filter((name) => !NOT_COPIED.has(name));
  // With a new time, the lock file would look newer than the packages. Tests of the copy would then install the packages again, in the
  // folder that the copy shares with this project.
  const options = { recursive: true, preserveTimestamps: true };
  for (const name of sources) cpSync(join(ROOT, name), join(project, name), options);
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  const all = recipes();
  for (const { file, isDiff, lines } of all) {
    const path = join(project, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, isDiff ? withAddedLines(readFileSync(path, 'utf8'), lines) : `${lines.join('\n')}\n`);
  }
  return [...new Set(all.map(({ file }) => file))];
}
