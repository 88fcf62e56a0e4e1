import { times } from '../../../verify/checks/times';
import type { CheckContext } from '../../../verify/check';

/** Returns the rows for a route and the matrix with these response times. @param status of the calls after the first */
async function rowsWhere(milliseconds: readonly number[], status = 200): Promise<string[][]> {
  const waiting = [...milliseconds];
  const answer = (took: number, code = 200) => ({ status: code, headers: {}, text: '', milliseconds: took });
  const context = {
    outputs: { deployed: { routes: [{ path: '/items' }, { path: '/auth-matrix' }] } },
    responses: new Map([
      ['/items', answer(9_000)],
      ['/auth-matrix', answer(16_000)],
    ]),
    caller: { call: () => Promise.resolve(answer(waiting.shift() ?? 0, status)) },
  };
  const rows: string[][] = [];
  for await (const { what, seen, outcome } of times.rows(context as unknown as CheckContext))
    rows.push([what, seen, outcome]);
  return rows;
}

describe('response times', () => {
  it('are the median of five calls after the first, which ignores a cold start and one slow call', async () => {
    const [items] = await rowsWhere([20, 5_000, 30, 10, 4_000]);
    expect(items).toEqual(['HEAD /items, median of 5', '30 ms', 'as expected']);
  });

  it('differ if most calls are too slow', async () => {
    const [items, matrix] = await rowsWhere([3_001, 3_500, 10, 4_000, 20]);
    expect(items).toEqual(['HEAD /items, median of 5', '3001 ms', 'different']);
    expect(matrix).toEqual(['GET /auth-matrix', '16000 ms', 'different']);
  });

  it('differ if the calls are refused, however fast', async () => {
    const [items] = await rowsWhere([5, 5, 5, 5, 5], 429);
    expect(items).toEqual(['HEAD /items, median of 5', '429', 'different']);
  });
});
