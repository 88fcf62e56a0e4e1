import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Applied, LocalDeployment } from '../local';
import { clientHostRole, type Role } from './client-host-role';

/** The files and database users that someone needs to call the API and log in from a shell on this machine. */
export interface ShellFiles {
  /** Path of the certificate authority of CloudFront, API Gateway and the proxies. */
  readonly amazonCa: string;
  /** Path of the certificate authority of the instance. */
  readonly instanceCa: string;
  /** Path of an AWS CLI configuration for the local AWS. If there is a client host, a profile assumes its role. */
  readonly awsConfig: string;
  /** Database users that the client host may log in as. */
  readonly users: readonly string[];
}

interface RolePolicy {
  readonly role: string;
  readonly policy: string;
}

/** Writes the files into a folder. @returns their paths, and the users */
export function writeShellFiles({ applied, aws }: LocalDeployment, folder: string): ShellFiles {
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

/** Makes the AWS CLI's configuration. The default profile needs no real access key. The other profile assumes the role. */
function awsConfig(applied: Applied, url: string, role: Role | undefined): string {
  const [instance] = applied.all<{ arn: string }>('aws_db_instance');
  const common = `region = ${instance?.arn.split(':')[3] ?? ''}\nendpoint_url = ${url}\n`;
  const defaultProfile = `[default]\naws_access_key_id = local\naws_secret_access_key = local\n${common}`;
  if (role === undefined) return defaultProfile;
  // The CLI caches credentials by session name. Credentials of an earlier start are invalid, so each start uses a new name.
  const session = `role_session_name = start-${Date.now()}`;
  return `${defaultProfile}\n[profile client-host]\nrole_arn = ${role.arn}\n${session}\nsource_profile = default\n${common}`;
}

function usersOf(applied: Applied, role: Role): string[] {
  const policies = applied.all<RolePolicy>('aws_iam_role_policy').filter((policy) => policy.role === role.name);
  return policies.flatMap(({ policy }) =>
    [...policy.matchAll(/:dbuser:[^/"]+\/([^"]+)"/g)].map(([, user = '']) => user),
  );
}
