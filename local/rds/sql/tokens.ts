/** A lexical element of SQL, except white space and comments. */
export interface Token {
  readonly kind: 'word' | 'identifier' | 'string' | 'number' | 'userVariable' | 'systemVariable' | 'symbol';
  readonly text: string;
  /** Position in the text. */
  readonly start: number;
}

const NAME = String.raw`[\w$\u0080-\uffff]+`;
// An unclosed literal extends to the end of the text. Otherwise each later quote could start another search for a closing quote:
// quadratic time.
const QUOTED = String.raw`\`(?:[^\`]|\`\`)*(?:\`|$)`;
const STRING = String.raw`'(?:[^'\\]|\\[^]|'')*(?:'|$)|"(?:[^"\\]|\\[^]|"")*(?:"|$)`;
/**
 * A token, or skipped text: white space or a comment. Each group but `space` has the name of a kind of token. One group always
 * matches, because `symbol` takes any character. The text in a comment `/*! … *​/` or `/*M! … *​/` is not skipped. MySQL and
 * MariaDB may execute the text in `/*! … *​/`. Only MariaDB may execute the text in `/*M! … *​/`.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
 */
const PIECES = new RegExp(
  [
    String.raw`(?<space>\s+|--(?=\s|$)[^\n]*|#[^\n]*|/\*M?!\d*|\*/|/\*(?!M?!)[^]*?(?:\*/|$))`,
    String.raw`(?<string>${STRING})`,
    String.raw`(?<identifier>${QUOTED})`,
    String.raw`(?<systemVariable>@@(?:\s*${NAME}\s*\.\s*)?(?:${NAME}|${QUOTED}))`,
    String.raw`(?<userVariable>@(?:[\w$.\u0080-\uffff]+|${QUOTED}|${STRING}))`,
    String.raw`(?<number>\d+(?:\.\d+)?(?![\w$]))`,
    String.raw`(?<word>${NAME})`,
    String.raw`(?<symbol>:=|[^])`,
  ].join('|'),
  'y',
);

/** Splits a text of one or several statements into tokens. The part `@'host'` of an account name `'user'@'host'` is a `userVariable`. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  PIECES.lastIndex = 0;
  for (let start = 0; start < text.length; start = PIECES.lastIndex) {
    const groups = PIECES.exec(text)?.groups ?? {};
    const kind = Object.keys(groups).find((group) => groups[group] !== undefined) as Token['kind'] | 'space';
    if (kind !== 'space') tokens.push({ kind, text: text.slice(start, PIECES.lastIndex), start });
  }
  return tokens;
}

/** The texts of tokens, with the words in capitals. */
export const textsOf = (tokens: readonly Token[]): string[] =>
  tokens.map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : text));

/** Splits a text into its statements. */
export function splitStatements(text: string): string[] {
  return tokensByStatement(text).map((tokens) => {
    const [first, last] = [tokens[0], tokens.at(-1)];
    return text.slice(first?.start, last && last.start + last.text.length);
  });
}

/** Splits a text into the tokens of each statement. */
export function tokensByStatement(text: string): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokensOf(text)) {
    if (token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((tokens) => tokens.length > 0);
}
