/** Returns the candidate that is most similar to a misspelled word, if one is similar enough. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const maxEdits = Math.max(1, Math.floor(word.length / 4));
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(simplified(word), simplified(candidate));
    if (edits <= maxEdits && edits < (best?.edits ?? Infinity)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** Returns `Did you mean x? `, which goes before a remedy; an empty text if no candidate is similar enough. */
export function didYouMean(word: unknown, candidates: Iterable<string>): string {
  const candidate = typeof word === 'string' ? closest(word, candidates) : undefined;
  return candidate === undefined ? '' : `Did you mean ${candidate}? `;
}

/** Removes differences of case and separators, so that `EU_Central_1` equals `eu-central-1`. */
const simplified = (word: string): string => word.toLowerCase().replace(/[-_\s]/g, '');

/**
 * Counts the edits (insert, delete or replace a character) that turn one word into the other.
 * https://en.wikipedia.org/wiki/Levenshtein_distance
 */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
