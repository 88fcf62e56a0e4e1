/** Work in two parts: one that may run beside that of others, and one that wants the machine for itself. */
export interface Work<Item, Begun, Result> {
  readonly begin: (item: Item) => Promise<Begun>;
  readonly finish: (begun: Begun, item: Item) => Promise<Result>;
}

/**
 * Works on items in rounds: some are begun side by side, then finished one after the other, then the next round comes.
 *
 * @returns the results, in the order of the items; one that fails keeps no other from its turn.
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
