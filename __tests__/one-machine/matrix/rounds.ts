/** Work in two parts: the first may run in parallel with other work, the second must run alone. */
export interface Work<Item, Begun, Result> {
  readonly begin: (item: Item) => Promise<Begun>;
  readonly finish: (begun: Begun, item: Item) => Promise<Result>;
}

/**
 * Processes items in rounds. In each round some items start in parallel and then finish one after the other.
 *
 * @returns the results in the order of the items. A failed item does not stop the others.
 */
export function inRounds<Item, Begun, Result>(
  size: number,
  items: readonly Item[],
  { begin, finish }: Work<Item, Begun, Result>,
): readonly Promise<Result>[] {
  const results: Promise<Result>[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  for (let first = 0; first < items.length; first += size) {
    const before = turn;
    const round = items.slice(first, first + size).map((item) => ({ item, begun: before.then(() => begin(item)) }));
    turn = Promise.allSettled(round.map(({ begun }) => begun));
    for (const { item, begun } of round) {
      const result = turn.then(async () => finish(await begun, item));
      turn = result.catch(() => undefined);
      results.push(result);
    }
  }
  return results;
}
