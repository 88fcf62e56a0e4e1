/** One entry of an Accept header. */
interface MediaRange {
  readonly type: string;
  /** 0 to 1 in a valid header; 0 if the value is not a number. */
  readonly quality: number;
}

/**
 * Returns whether the caller prefers HTML to JSON. A caller without a preference, such as curl, gets JSON.
 *
 * The package `negotiator` does not fit: at equal quality it can choose HTML, but this API must choose JSON.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function prefersHtml(accept: string): boolean {
  const ranges = accept.split(',').map(parseRange);
  return qualityOf('text/html', ranges) > qualityOf('application/json', ranges);
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
}

/** Returns the quality of the most specific range that matches the type. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const [group = ''] = type.split('/');
  const match = [type, `${group}/*`, '*/*'].map((name) => ranges.find((range) => range.type === name)).find(Boolean);
  return match?.quality ?? 0;
}
