import type { Tally } from './load';

/** Expects that requests fail only on the paths `interrupted`, and that every acknowledged row is stored once. */
export function expectOnly200(
  { requests, failures, unacknowledged, ...rows }: Tally,
  interrupted: readonly string[] = [],
): void {
  const elsewhere = failures.filter(({ path }) => !interrupted.includes(path));
  expect({ failures: elsewhere, ...rows }).toEqual({ failures: [], lost: 0, doubled: 0 });
  // A request may fail after its row is stored, so each failure may leave one unacknowledged row.
  expect(unacknowledged).toBeLessThanOrEqual(failures.length);
  // A load of fewer requests would show little.
  expect(requests).toBeGreaterThan(30);
}

/** Expects that some requests fail, all with 503 and `Retry-After: 10`, and that every acknowledged row is stored once. */
export function expectOnly503({ failures, lost, doubled, unacknowledged }: Tally): void {
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.map(({ status, retryAfter }) => `${status} ${retryAfter}`)).toEqual(failures.map(() => '503 10'));
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(unacknowledged).toBeLessThanOrEqual(failures.length);
}
