import type { Explanation } from '../../../start/explain/explain';

/** Returns the first broken condition with its remedy; `undefined` if all hold. */
export function firstBroken(
  explanations: readonly Explanation[],
): { readonly needs: string; readonly fix: string | undefined } | undefined {
  for (const { sections, fix } of explanations) {
    const broken = sections.flatMap(({ conditions }) => conditions).find(({ holds }) => !holds);
    if (broken) return { needs: broken.needs, fix };
  }
  return undefined;
}

/** Expected result of {@link firstBroken}. */
export const brokenAt = ([needs, fix]: readonly [needs: RegExp, fix: RegExp]): object => ({
  needs: expect.stringMatching(needs) as string,
  fix: expect.stringMatching(fix) as string,
});
