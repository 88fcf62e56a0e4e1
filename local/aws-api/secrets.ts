import type { Applied } from '../applied';

/** Secrets Manager adds a dash and six characters to each ARN. */
const ENDING = /-\w{6}$/;

interface Secret {
  readonly arn: string;
}

interface Instance {
  readonly master_user_secret: readonly { readonly secret_arn: string }[];
}

/**
 * Returns the ARN of the secret that `secretId` names: an applied one, or one that RDS created for a master user. If no secret
 * matches, returns `secretId` itself if it is an ARN, and otherwise `prefix` followed by `secretId`.
 *
 * @param secretId name, ARN, or ARN without its ending
 * @param prefix start of the secret ARNs of this account and region; a name is appended to it
 */
export function secretArn(applied: Applied, secretId: string, prefix: string): string {
  const arns = [
    ...applied.all<Secret>('aws_secretsmanager_secret').map(({ arn }) => arn),
    ...applied
      .all<Instance>('aws_db_instance')
      .flatMap(({ master_user_secret: secrets }) => secrets.map((secret) => secret.secret_arn)),
  ];
  const requested = secretId.startsWith('arn:') ? secretId : `${prefix}${secretId}`;
  return arns.find((arn) => arn === requested || arn.replace(ENDING, '') === requested) ?? requested;
}
