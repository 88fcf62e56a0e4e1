import { arnPart } from '../iam/connect';
import { policyDocument } from '../iam/service-role';
import { TUNNEL_DOCUMENT } from './login-lines';

/** The host that sessions go to. */
export interface SessionTarget {
  /** ARN of the EC2 instance. */
  readonly hostArn: string;
  readonly region: string;
}

/** What Session Manager opens where no document is named: a shell. */
const SHELL_DOCUMENT = 'SSM-SessionManagerRunShell';

/**
 * The right to open a shell on the host. SECURITY: on the host a person logs in to the database with the host's rights, not
 * with their own.
 */
export function shellPolicy(target: SessionTarget): string {
  return sessionPolicy('OpenShell', target, `${ssmArn(target)}:document/${SHELL_DOCUMENT}`);
}

/** The right to forward a port through the host, and no more: no shell. */
export function tunnelPolicy(target: SessionTarget): string {
  // A document of AWS belongs to no account.
  const document = `arn:${arnPart(target.hostArn, 'partition')}:ssm:${target.region}::document/${TUNNEL_DOCUMENT}`;
  return sessionPolicy('OpenTunnel', target, document);
}

/**
 * Sessions of one document on the host. People may resume and end their own: the ids of sessions begin with the caller's.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html
 */
function sessionPolicy(name: string, target: SessionTarget, document: string): string {
  return policyDocument(name, [
    { actions: ['ssm:StartSession'], resources: [target.hostArn, document] },
    {
      actions: ['ssmmessages:OpenDataChannel', 'ssm:ResumeSession', 'ssm:TerminateSession'],
      // IAM's variable, not Terraform's: `$${` is how Terraform writes `${`.
      resources: [`${ssmArn(target)}:session/$\${aws:userid}-*`],
    },
  ]);
}

/** An ARN of Systems Manager in the host's region and account, as far as these. */
function ssmArn({ hostArn, region }: SessionTarget): string {
  return ['arn', arnPart(hostArn, 'partition'), 'ssm', region, arnPart(hostArn, 'account')].join(':');
}
