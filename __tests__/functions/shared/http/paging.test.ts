import { cursorAfter, cutPage, parsePage } from '../../../../functions/shared/http/paging';

const parseId = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

describe('parsePage', () => {
  it('asks for 100 rows from the beginning unless the caller says otherwise', () => {
    expect(parsePage({}, parseId)).toEqual({ limit: 100 });
    expect(parsePage({ limit: '1000', cursor: cursorAfter('7') }, parseId)).toEqual({ limit: 1000, after: 7 });
  });

  it.each(['0', '1001', '-1', '1.5', '1e3', '', ' 1', '٣'])('refuses the limit %j', (limit) => {
    expect(() => parsePage({ limit }, parseId)).toThrow('limit must be a whole number from 1 to 1000');
  });

  it.each(['', '!', cursorAfter('x')])('refuses the cursor %j', (cursor) => {
    expect(() => parsePage({ cursor }, parseId)).toThrow('cursor must be the value of "next" in an earlier answer');
  });

  it('refuses an unknown parameter and names it', () => {
    expect(() => parsePage({ limit: '1', page: '2' }, parseId)).toThrow(
      'Unknown parameter "page". Supported: limit, cursor.',
    );
  });
});

describe('cutPage', () => {
  it.each([
    [[], 2, [], null],
    [[1, 2], 2, [1, 2], null],
    [[1, 2, 3], 2, [1, 2], cursorAfter('2')],
  ])('cuts %j to the limit %i: rows %j, next cursor %j', (rows, limit, page, next) => {
    expect(cutPage(rows, limit, String)).toEqual({ rows: page, next });
  });
});
