/** Whether an ARN matches a pattern, in which `*` stands for any characters and `?` for one. */
export function isArnLike(arn: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(arn);
}
