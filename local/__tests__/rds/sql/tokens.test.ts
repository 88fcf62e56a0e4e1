import { textsOf, tokensOf } from '../../../rds/sql/tokens';

const textOf = (statement: string): string[] => tokensOf(statement).map(({ kind, text }) => `${kind}: ${text}`);

describe('tokensOf', () => {
  it('distinguishes words, literals, names and variables', () => {
    expect(textOf("SELECT `a``b`, 'it''s', \"\\\"\", 1.5, @x, @'y', @@z, @@session . `sql_mode` FROM t1")).toEqual([
      'word: SELECT',
      'identifier: `a``b`',
      'symbol: ,',
      "string: 'it''s'",
      'symbol: ,',
      'string: "\\""',
      'symbol: ,',
      'number: 1.5',
      'symbol: ,',
      'user variable: @x',
      'symbol: ,',
      "user variable: @'y'",
      'symbol: ,',
      'system variable: @@z',
      'symbol: ,',
      'system variable: @@session . `sql_mode`',
      'word: FROM',
      'word: t1',
    ]);
  });

  it('skips comments, but not executable ones', () => {
    expect(textOf('SELECT/* a */1 -- b\n+ 2 # c\n/*!50110 + 3 */ --4 /*M!100100 + 5 */')).toEqual([
      ...['word: SELECT', 'number: 1', 'symbol: +', 'number: 2', 'symbol: +', 'number: 3'],
      ...['symbol: -', 'symbol: -', 'number: 4', 'symbol: +', 'number: 5'],
    ]);
  });

  it.each(["'", '"', '`', '/*', '@', '@@', '\\', "@'", '/*!'])(
    'reads to the end of a statement that ends in %s',
    (end) => {
      expect(textOf(`SELECT 1 ${end} x`).slice(0, 2)).toEqual(['word: SELECT', 'number: 1']);
    },
  );

  it.each(["x''\\\\", "\\'", 'x'])(
    'takes time proportional to the length of a literal of %s, also without its end',
    (part) => {
      const long = `SELECT '${part.repeat(15_000)}`;
      expect(tokensOf(`${long}'`)).toHaveLength(2);
      expect(tokensOf(long)).toHaveLength(2);
    },
  );
});

describe('textsOf', () => {
  it('splits at semicolons that end statements', () => {
    expect(textsOf(" SET a = ';' ; /* ; */ SELECT 1;; ")).toEqual(["SET a = ';'", 'SELECT 1']);
  });
});
