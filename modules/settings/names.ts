/** First part of every name, so that the stack's resources are found side by side in the console. */
const PROJECT = 'login-matrix';

/** How long AWS lets the names be that the stack makes from the environment's, in characters. */
const NAME_LIMITS = {
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  'IAM role': 64,
  /** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
  'Lambda function': 64,
  /** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
  'DB instance': 63,
  'DB proxy': 63,
  /** https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html */
  'web ACL': 128,
} as const;

type NamedResource = keyof typeof NAME_LIMITS;

const LONGEST_SUFFIX: Record<NamedResource, string> = {
  'IAM role': 'password-proxy',
  'Lambda function': 'auth-matrix',
  'DB instance': 'final',
  'DB proxy': 'password',
  'web ACL': 'offices',
};

/** The name of a resource: `login-matrix-dev-func1`. */
export function resourceName(environment: string, ...parts: string[]): string {
  return [PROJECT, environment, ...parts].join('-');
}

/** The first resource whose name would be longer than AWS allows, if there is one. */
export function tooLongName(
  environment: string,
): { readonly resource: NamedResource; readonly name: string; readonly limit: number } | undefined {
  return (Object.keys(NAME_LIMITS) as NamedResource[])
    .map((resource) => ({
      resource,
      name: resourceName(environment, LONGEST_SUFFIX[resource]),
      limit: NAME_LIMITS[resource],
    }))
    .find(({ name, limit }) => name.length > limit);
}
