import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Applied, type LocalDeployment } from '../../local';
import { shellFiles } from '../../start/shell-files';

const DATABASE = 'arn:aws:rds:eu-west-1:123456789012:db:it';
const ROLE = 'arn:aws:iam::123456789012:role/client';

const resource = (type: string, values: Record<string, string>) => ({
  address: `${type}.${values['name'] ?? 'it'}`,
  mode: 'managed' as const,
  type,
  name: 'it',
  values,
});

const connect = (user: string): string =>
  JSON.stringify({ Statement: [{ Resource: [`arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-1/${user}`] }] });

const database = resource('aws_db_instance', { arn: DATABASE });
const host = [
  resource('aws_instance', { iam_instance_profile: 'profile' }),
  resource('aws_iam_instance_profile', { name: 'profile', role: 'client' }),
  resource('aws_iam_role', { name: 'client', arn: ROLE }),
  resource('aws_iam_role_policy', { role: 'client', policy: connect('analyst') }),
  resource('aws_iam_role_policy', { role: 'client', policy: connect('reader') }),
  resource('aws_iam_role_policy', { role: 'func2', policy: connect('timestamps') }),
];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'personal-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Writes the files of a deployment with these resources. Returns their paths, and the AWS CLI's configuration. */
function written(resources: ReturnType<typeof resource>[]) {
  const authorities = { amazon: { pem: 'AMAZON' }, instance: { pem: 'RDS' } };
  const aws = { url: 'http://127.0.0.1:4566', authorities };
  const applied = new Applied({ values: { root_module: { resources } } });
  const files = shellFiles({ applied, aws } as unknown as LocalDeployment, folder);
  return { files, config: readFileSync(files.awsConfig, 'utf8') };
}

describe('the files for a shell', () => {
  it('are the authorities of each endpoint', () => {
    const { files } = written([database]);
    expect(readFileSync(files.amazonCa, 'utf8')).toBe('AMAZON');
    expect(readFileSync(files.instanceCa, 'utf8')).toBe('RDS');
  });

  it('configure the AWS CLI for the local AWS and the region of the database', () => {
    expect(written([database]).config).toBe(
      '[default]\naws_access_key_id = local\naws_secret_access_key = local\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:4566\n',
    );
  });

  it('have a profile that assumes the role of the client host, if there is one', () => {
    expect(written([database, ...host]).config).toMatch(
      new RegExp(
        `\\n\\[profile client-host\\]\\nrole_arn = ${ROLE}\\nrole_session_name = start-\\d+\\nsource_profile = default\\n`,
      ),
    );
  });

  it('name the users that the host may log in as', () => {
    expect(written([database, ...host]).files.users).toEqual(['analyst', 'reader']);
    expect(written([database]).files.users).toEqual([]);
  });
});
