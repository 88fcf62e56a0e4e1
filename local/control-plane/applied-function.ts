import { callAws, type AwsApi } from './aws-api';
import type { Uploads } from './uploads';

/** What the local Lambda knows of a function. https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export interface AppliedFunction {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly CodeSha256: string;
  readonly Handler: string;
  /** ARN. */
  readonly Role: string;
  /** Seconds. */
  readonly Timeout: number;
  /** MiB. */
  readonly MemorySize: number;
  readonly Version: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly Layers?: readonly { readonly Arn: string }[];
}

const API = '/2015-03-31/functions';
const LAYERS_API = '/2018-10-31/layers';

/**
 * Reads a function that was applied.
 *
 * @param name name or ARN, URL-encoded
 * @param qualifier version or alias. @default - the newest code
 * @throws AwsError where there is none.
 */
export async function getFunction(lambda: AwsApi, name: string, qualifier?: string | null): Promise<AppliedFunction> {
  const query = qualifier ? `?Qualifier=${encodeURIComponent(qualifier)}` : '';
  const response = await callAws(lambda, `${API}/${name}${query}`);
  return ((await response.json()) as { Configuration: AppliedFunction }).Configuration;
}

/**
 * Paths of the zips of a function's layers, in their order.
 *
 * @throws Error where a layer is not the local Lambda's.
 */
export function getLayers(lambda: AwsApi, { Layers = [] }: AppliedFunction, uploads: Uploads): Promise<string[]> {
  return Promise.all(
    Layers.map(async ({ Arn }) => {
      const [name = '', version = ''] = Arn.split(':').slice(-2);
      const response = await callAws(lambda, `${LAYERS_API}/${name}/versions/${version}`);
      const { Content } = (await response.json()) as { Content: { CodeSha256: string } };
      return uploads.zip(Content.CodeSha256);
    }),
  );
}

/** Credentials of a role, as the environment of a function carries them. */
export type RoleCredentials = Readonly<
  Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SESSION_TOKEN', string>
>;

/**
 * Makes credentials of a role.
 *
 * @throws AwsError where the role is missing.
 */
export async function assumeRole(sts: AwsApi, role: string, session: string): Promise<RoleCredentials> {
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: session.slice(0, 64),
  });
  const answer = await (await callAws(sts, '/', { method: 'POST', body })).text();
  const valueOf = (element: string): string => {
    const value = new RegExp(`<${element}>([^<]+)</${element}>`).exec(answer)?.[1];
    if (value === undefined) throw new Error(`AssumeRole of ${role} gave no ${element}: ${answer}`);
    return value;
  };
  return {
    AWS_ACCESS_KEY_ID: valueOf('AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: valueOf('SecretAccessKey'),
    AWS_SESSION_TOKEN: valueOf('SessionToken'),
  };
}
