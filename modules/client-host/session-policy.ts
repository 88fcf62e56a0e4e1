import { arnPart } from '../iam/connect';
import { policyDocument, type Statement } from '../iam/service-role';
import { TUNNEL_DOCUMENT } from './login-lines';

/** The host of the sessions. */
export interface SessionTarget {
  readonly hostArn: string;
  readonly region: string;
}

/** Session Manager's default document, which opens a shell. */
const SHELL_DOCUMENT = 'SSM-SessionManagerRunShell';

/**
 * Makes the policy that allows a shell on the host. SECURITY: on the host a person logs in to the database with the host's
 * permissions, not with their own.
 */
export function shellPolicy(target: SessionTarget): string {
  return sessionPolicy('OpenShell', target, `${ssmArn(target)}:document/${SHELL_DOCUMENT}`);
}

/**
 * A request that names no document opens a shell, and Systems Manager then checks only the permission for the host. With this
 * condition it also checks the permission for the default document. The policy for tunnels does not give this permission.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html
 */
const ONLY_ALLOWED_DOCUMENT = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } };

/** Makes the policy that allows port forwarding through the host. SECURITY: it allows no shell. */
export function tunnelPolicy(target: SessionTarget): string {
  // The ARN of an AWS document has no account.
  const document = `arn:${arnPart(target.hostArn, 'partition')}:ssm:${target.region}::document/${TUNNEL_DOCUMENT}`;
  return sessionPolicy('OpenTunnel', target, document, ONLY_ALLOWED_DOCUMENT);
}

/** IAM's variable, not Terraform's: `$${` is how Terraform writes `${`. */
const CALLER = '$${aws:userid}';

/**
 * Allows sessions of one document on the host. People may resume and end their own sessions: the tag `aws:ssmmessages:session-id`,
 * which Systems Manager sets on each session, begins with the caller's `aws:userid`. The pattern `${aws:userid}*` also matches longer
 * role session names: `jane` could end a session of `janet` if both use the same role.
 *
 * OpenDataChannel has the resource of AWS's samples. It matches no session: the id of a session begins with the role session name, for
 * example `jane`, but `aws:userid` has the id of the role before that name. Whether Systems Manager checks the resource is not verified.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html
 */
function sessionPolicy(
  name: string,
  target: SessionTarget,
  document: string,
  condition?: Statement['condition'],
): string {
  return policyDocument(name, [
    { actions: ['ssm:StartSession'], resources: [target.hostArn, document], ...(condition && { condition }) },
    { actions: ['ssmmessages:OpenDataChannel'], resources: [`${ssmArn(target)}:session/${CALLER}-*`] },
    {
      actions: ['ssm:ResumeSession', 'ssm:TerminateSession'],
      resources: [`${ssmArn(target)}:session/*`],
      condition: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': `${CALLER}*` } },
    },
  ]);
}

/** Returns the beginning of a Systems Manager ARN, up to the host's region and account. */
function ssmArn({ hostArn, region }: SessionTarget): string {
  return ['arn', arnPart(hostArn, 'partition'), 'ssm', region, arnPart(hostArn, 'account')].join(':');
}
