import type { Tally } from './load';

/** Every request is answered well, and every row is there once. */
export function expectNoHarm({ requests, ...harm }: Tally): void {
  expect(harm).toEqual({ failures: [], lost: 0, doubled: 0, unanswered: 0 });
  expect(requests).toBeGreaterThan(30);
}

/** Requests fail with 503 and a time to come back, none in another way; every row that a caller knows of is there once. */
export function expectOnlyAway({ failures, lost, doubled, unanswered }: Tally): void {
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.map(({ status, retryAfter }) => `${status} ${retryAfter}`)).toEqual(failures.map(() => '503 10'));
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(unanswered).toBeLessThanOrEqual(failures.length);
}
