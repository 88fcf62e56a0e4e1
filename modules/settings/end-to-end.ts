import type { ParsedSettings } from './rules/rule';

/** Whether the IAM proxy is deployed and logs in to the instance by IAM, without a secret. */
export const isEndToEnd = ({ proxies: { iam } }: Pick<ParsedSettings, 'proxies'>): boolean =>
  iam.enabled && iam.upstream === 'iam';
