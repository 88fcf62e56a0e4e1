import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Applied } from './applied';
import { clientHostRole, type Role } from './iam/client-host-role';
import type { LocalDeployment } from './local-deployment';

/** What a person needs to call, and to log in, from a shell on this machine. */
export interface PersonalFiles {
  /** Authority of CloudFront, API Gateway and the proxies. */
  readonly amazonCa: string;
  /** Authority of the instance. */
  readonly instanceCa: string;
  /** For the AWS CLI: the AWS of this machine, with a profile that takes the role of the client host. */
  readonly awsConfig: string;
  /** Database users that the client host may log in as. */
  readonly users: readonly string[];
}

interface RolePolicy {
  readonly role: string;
  readonly policy: string;
}

/** Writes the files below a folder. @returns their paths */
export function personalFiles({ applied, aws }: LocalDeployment, folder: string): PersonalFiles {
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const role = clientHostRole(applied);
  return {
    amazonCa: write('amazon-ca.pem', aws.authorities.amazon.pem),
    instanceCa: write('rds-ca.pem', aws.authorities.instance.pem),
    awsConfig: write('aws-config', awsConfig(applied, aws.url, role)),
    users: role ? usersOf(applied, role) : [],
  };
}

/** The control plane takes any keys; what counts is the role that is taken with them. */
function awsConfig(applied: Applied, url: string, role: Role | undefined): string {
  const [instance] = applied.all<{ arn: string }>('aws_db_instance');
  const common = `region = ${instance?.arn.split(':')[3] ?? ''}\nendpoint_url = ${url}\n`;
  const own = `[default]\naws_access_key_id = local\naws_secret_access_key = local\n${common}`;
  if (role === undefined) return own;
  // The CLI keeps credentials by the session's name, and those of an earlier start are worth nothing now.
  const session = `role_session_name = start-${Date.now()}`;
  return `${own}\n[profile client-host]\nrole_arn = ${role.arn}\n${session}\nsource_profile = default\n${common}`;
}

function usersOf(applied: Applied, role: Role): string[] {
  const policies = applied.all<RolePolicy>('aws_iam_role_policy').filter((policy) => policy.role === role.name);
  return policies.flatMap(({ policy }) =>
    [...policy.matchAll(/:dbuser:[^/"]+\/([^"]+)"/g)].map(([, user = '']) => user),
  );
}
