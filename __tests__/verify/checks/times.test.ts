import { times } from '../../../verify/checks/times';
import type { CheckContext } from '../../../verify/check';

/**
 * Returns the rows of the report for /items and /auth-matrix. The first call of /items takes 9 s, as after a cold start.
 * The call of /auth-matrix takes 16 s. The limits are 3 s for /items and 15 s for /auth-matrix.
 *
 * @param milliseconds response times of the later calls of /items
 * @param status HTTP status of these calls
 */
async function rowsFor(milliseconds: readonly number[], status = 200): Promise<string[][]> {
  const remaining = [...milliseconds];
  const answer = (duration: number, code = 200) => ({ status: code, headers: {}, text: '', milliseconds: duration });
  const context = {
    outputs: { deployed: { routes: [{ path: '/items' }, { path: '/auth-matrix' }] } },
    responses: new Map([
      ['/items', answer(9_000)],
      ['/auth-matrix', answer(16_000)],
    ]),
    caller: { call: () => Promise.resolve(answer(remaining.shift() ?? 0, status)) },
  };
  const rows: string[][] = [];
  for await (const { what, seen, outcome } of times.rows(context as unknown as CheckContext))
    rows.push([what, seen, outcome]);
  return rows;
}

describe('the checked response times', () => {
  it('are the median of five calls after the first, so a cold start and two slow calls do not count', async () => {
    const [items] = await rowsFor([20, 5_000, 30, 10, 4_000]);
    expect(items).toEqual(['HEAD /items, median of 5', '30 ms', 'as expected']);
  });

  it('have the outcome "different" if most calls of /items, or the one call of /auth-matrix, are too slow', async () => {
    const [items, matrix] = await rowsFor([3_001, 3_500, 10, 4_000, 20]);
    expect(items).toEqual(['HEAD /items, median of 5', '3001 ms', 'different']);
    expect(matrix).toEqual(['GET /auth-matrix', '16000 ms', 'different']);
  });

  it('have the outcome "different" if the calls are refused, however fast', async () => {
    const [items] = await rowsFor([5, 5, 5, 5, 5], 429);
    expect(items).toEqual(['HEAD /items, median of 5', '429', 'different']);
  });
});
