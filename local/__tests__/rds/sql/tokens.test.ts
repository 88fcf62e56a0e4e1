import { splitStatements, tokensOf } from '../../../rds/sql/tokens';

const describeTokens = (statement: string): string[] => tokensOf(statement).map(({ kind, text }) => `${kind}: ${text}`);

describe('tokensOf', () => {
  it('distinguishes words, literals, quoted identifiers and variables', () => {
    expect(
      describeTokens("SELECT `a``b`, 'it''s', \"\\\"\", 1.5, @x, @'y', @@z, @@session . `sql_mode` FROM t1"),
    ).toEqual([
      ...['word: SELECT', 'identifier: `a``b`', 'symbol: ,', "string: 'it''s'", 'symbol: ,', 'string: "\\""'],
      ...['symbol: ,', 'number: 1.5', 'symbol: ,', 'userVariable: @x', 'symbol: ,', "userVariable: @'y'", 'symbol: ,'],
      ...['systemVariable: @@z', 'symbol: ,', 'systemVariable: @@session . `sql_mode`', 'word: FROM', 'word: t1'],
    ]);
  });

  it('skips comments, but not executable ones', () => {
    expect(describeTokens('SELECT/* a */1 -- b\n+ 2 # c\n/*!50110 + 3 */ --4 /*M!100100 + 5 */')).toEqual([
      ...['word: SELECT', 'number: 1', 'symbol: +', 'number: 2', 'symbol: +', 'number: 3'],
      ...['symbol: -', 'symbol: -', 'number: 4', 'symbol: +', 'number: 5'],
    ]);
  });

  it.each(["'", '"', '`', '/*', '@', '@@', '\\', "@'", '/*!'])(
    'reads the tokens before an incomplete or invalid one: %s',
    (start) => {
      expect(describeTokens(`SELECT 1 ${start} x`).slice(0, 2)).toEqual(['word: SELECT', 'number: 1']);
    },
  );

  // A regular expression with exponential backtracking would not end for these literals.
  it.each(["x''\\\\", "\\'", 'x'])('reads a long literal of %s, also without its closing quotation mark', (part) => {
    const long = `SELECT '${part.repeat(15_000)}`;
    expect(tokensOf(`${long}'`)).toHaveLength(2);
    expect(tokensOf(long)).toHaveLength(2);
  });
});

describe('splitStatements', () => {
  it('splits at semicolons that end statements', () => {
    expect(splitStatements(" SET a = ';' ; /* ; */ SELECT 1;; ")).toEqual(["SET a = ';'", 'SELECT 1']);
  });
});
