import { readFileSync } from 'node:fs';
import type { LocalDeployment } from '../../local';
import { appliedOf } from '../../local/__tests__/support';
import { writeShellFiles } from '../../start/shell-files';
import { folderForEachTest } from '../support/temporary-folder';

const ROLE = 'arn:aws:iam::123456789012:role/client';

/** A policy that allows logins as a database user. */
const policyFor = (user: string): string =>
  JSON.stringify({ Statement: [{ Resource: [`arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-1/${user}`] }] });

const DATABASE = { aws_db_instance: [{ arn: 'arn:aws:rds:eu-west-1:123456789012:db:matrix' }] };
const HOST = {
  aws_instance: [{ iam_instance_profile: 'profile' }],
  aws_iam_instance_profile: [{ name: 'profile', role: 'client' }],
  aws_iam_role: [{ name: 'client', arn: ROLE }],
  aws_iam_role_policy: [
    { role: 'client', policy: policyFor('analyst') },
    { role: 'client', policy: policyFor('reader') },
    { role: 'func2', policy: policyFor('timestamps') },
  ],
};

const folder = folderForEachTest('shell-files-');

/** Writes the files of a deployment with these resources. Returns their paths, and the AWS CLI's configuration. */
function writeFiles(resources: Parameters<typeof appliedOf>[0]) {
  const authorities = { amazon: { pem: 'AMAZON' }, instance: { pem: 'RDS' } };
  const aws = { url: 'http://127.0.0.1:4566', authorities };
  const deployment = { applied: appliedOf(resources), aws } as unknown as LocalDeployment;
  const files = writeShellFiles(deployment, folder());
  return { files, config: readFileSync(files.awsConfig, 'utf8') };
}

describe('the files for a shell', () => {
  it('contain the certificate authority of the AWS endpoints and that of the instance', () => {
    const { files } = writeFiles(DATABASE);
    expect(readFileSync(files.amazonCa, 'utf8')).toBe('AMAZON');
    expect(readFileSync(files.instanceCa, 'utf8')).toBe('RDS');
  });

  it('configure the AWS CLI for the local AWS and the region of the database', () => {
    expect(writeFiles(DATABASE).config).toBe(
      '[default]\naws_access_key_id = local\naws_secret_access_key = local\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:4566\n',
    );
  });

  it('have a profile that assumes the role of the client host', () => {
    expect(writeFiles({ ...DATABASE, ...HOST }).config).toMatch(
      new RegExp(
        `\\n\\[profile client-host\\]\\nrole_arn = ${ROLE}\\nrole_session_name = start-\\d+\\nsource_profile = default\\n`,
      ),
    );
  });

  it('are returned with the database users that the client host may log in as, or with none if there is no client host', () => {
    expect(writeFiles({ ...DATABASE, ...HOST }).files.users).toEqual(['analyst', 'reader']);
    expect(writeFiles(DATABASE).files.users).toEqual([]);
  });
});
