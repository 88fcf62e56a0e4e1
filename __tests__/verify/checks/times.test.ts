import { times } from '../../../verify/checks/times';
import type { CheckContext } from '../../../verify/check';

/** Returns the rows for a route and the matrix with these response times. */
async function rowsWhere(milliseconds: readonly number[]): Promise<string[][]> {
  const waiting = [...milliseconds];
  const answer = (took: number) => ({ status: 200, headers: {}, text: '', milliseconds: took });
  const context = {
    outputs: { deployed: { routes: [{ path: '/items' }, { path: '/auth-matrix' }] } },
    responses: new Map([
      ['/items', answer(9_000)],
      ['/auth-matrix', answer(16_000)],
    ]),
    caller: { call: () => Promise.resolve(answer(waiting.shift() ?? 0)) },
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
});
