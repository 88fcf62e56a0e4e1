import type { Explanation } from '../../../start/explain/explain';

/** Returns the first condition that does not hold, with its fix; `undefined` if all hold. */
export function firstUnmetCondition(
  explanations: readonly Explanation[],
): { readonly needs: string; readonly fix: string | undefined } | undefined {
  for (const { sections, fix } of explanations) {
    const unmet = sections.flatMap(({ conditions }) => conditions).find(({ holds }) => !holds);
    if (unmet) return { needs: unmet.needs, fix };
  }
  return undefined;
}

/** The expected result of {@link firstUnmetCondition}: a condition and a fix that match patterns. */
export const unmetConditionLike = ([needs, fix]: readonly [needs: RegExp, fix: RegExp]): object => ({
  needs: expect.stringMatching(needs) as string,
  fix: expect.stringMatching(fix) as string,
});
