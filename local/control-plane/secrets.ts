import type { Applied } from '../applied';

/** Secrets Manager ends each ARN with a dash and six characters of its own. */
const ENDING = /-\w{6}$/;

interface Secret {
  readonly arn: string;
}

interface Instance {
  readonly master_user_secret: readonly { readonly secret_arn: string }[];
}

/**
 * ARN of a secret that was applied, or that RDS made for a master user.
 *
 * @param secretId name, ARN, or ARN without its ending
 * @param prefix of ARNs of this account's secrets, for a name that nothing has
 */
export function secretArn(applied: Applied, secretId: string, prefix: string): string {
  const arns = [
    ...applied.all<Secret>('aws_secretsmanager_secret').map(({ arn }) => arn),
    ...applied
      .all<Instance>('aws_db_instance')
      .flatMap(({ master_user_secret: secrets }) => secrets.map((secret) => secret.secret_arn)),
  ];
  const named = secretId.startsWith('arn:') ? secretId : `${prefix}${secretId}`;
  return arns.find((arn) => arn === named || arn.replace(ENDING, '') === named) ?? named;
}
