/**
 * Compiles a pattern to a regular expression.
 *
 * @param star takes the part of the pattern after a `*`, and returns the expression for this `*`
 * @param questionMark the expression for every `?`
 */
function compile(pattern: string, star: (rest: string) => string, questionMark: string, flags = ''): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\*?]/g, (character, at: number) => {
    if (character === '*') return star(pattern.slice(at + 1));
    return character === '?' ? questionMark : `\\${character}`;
  });
  return new RegExp(`^${source}$`, `s${flags}`);
}

/**
 * Whether an action matches a pattern of the element Action, without regard to case.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function matchesAction(action: string, pattern: string): boolean {
  return compile(pattern, () => '.*', '.', 'i').test(action);
}

/**
 * Whether an ARN matches a pattern of the element Resource. A segment is the part between two colons. A `*` at the end of a
 * segment also matches colons; any other wildcard matches only within its segment.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesResource(arn: string, pattern: string): boolean {
  const star = (rest: string): string => (/^\**(?::|$)/.test(rest) ? '.*' : '[^:]*');
  return compile(pattern, star, '[^:]').test(arn);
}

/**
 * Whether an ARN matches a pattern of the condition operator ArnLike, which compares each of the six parts separately.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function isArnLike(arn: string, pattern: string): boolean {
  const [parts, patterns] = [partsOf(arn), partsOf(pattern)];
  const isPartLike = (partPattern: string, i: number): boolean =>
    compile(partPattern, () => '.*', '.').test(parts[i] ?? '');
  return parts.length === patterns.length && patterns.every(isPartLike);
}

/** Splits an ARN into `arn`, partition, service, region, account and resource; the resource may hold colons. */
export function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
