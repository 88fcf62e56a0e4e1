/**
 * Begins work in a number of lanes, in each one piece after the other.
 *
 * @returns the results, in the order of the work; one that fails does not keep the next from its turn.
 */
export function inLanes<Result>(count: number, works: readonly (() => Promise<Result>)[]): readonly Promise<Result>[] {
  const lanes = Array.from({ length: count }, () => Promise.resolve<unknown>(undefined));
  return works.map((work, index) => {
    const result = (lanes[index % count] ?? Promise.resolve()).then(work);
    lanes[index % count] = result.catch(() => undefined);
    return result;
  });
}
