/** Work in two parts: preparations may run in parallel, measurements must run alone. */
export interface Work<Item, Prepared, Result> {
  readonly prepare: (item: Item) => Promise<Prepared>;
  readonly measure: (prepared: Prepared, item: Item) => Promise<Result>;
}

/**
 * Processes items in rounds: prepares up to `size` items in parallel, then measures them one by one. A failed item does not
 * stop the others.
 *
 * @returns the results in the order of the items
 */
export function inRounds<Item, Prepared, Result>(
  size: number,
  items: readonly Item[],
  { prepare, measure }: Work<Item, Prepared, Result>,
): readonly Promise<Result>[] {
  const results: Promise<Result>[] = [];
  let previousStep: Promise<unknown> = Promise.resolve();
  for (let first = 0; first < items.length; first += size) {
    const previousRound = previousStep;
    const round = items
      .slice(first, first + size)
      .map((item) => ({ item, prepared: previousRound.then(() => prepare(item)) }));
    previousStep = Promise.allSettled(round.map(({ prepared }) => prepared));
    for (const { item, prepared } of round) {
      const result = previousStep.then(async () => measure(await prepared, item));
      previousStep = result.catch(() => undefined);
      results.push(result);
    }
  }
  return results;
}
