import type { Explanation } from '../../local/explain/explain';

/** The first condition that does not hold, and what is said to do about it; `undefined` where all hold. */
export function firstBroken(
  explanations: readonly Explanation[],
): { readonly needs: string; readonly fix: string | undefined } | undefined {
  for (const { sections, fix } of explanations) {
    const broken = sections.flatMap(({ conditions }) => conditions).find(({ holds }) => !holds);
    if (broken) return { needs: broken.needs, fix };
  }
  return undefined;
}

/** What {@link firstBroken} must be. */
export const brokenAt = ([needs, fix]: readonly [needs: RegExp, fix: RegExp]): object => ({
  needs: expect.stringMatching(needs) as string,
  fix: expect.stringMatching(fix) as string,
});
