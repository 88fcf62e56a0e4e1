import type { LocalDeployment, Served } from '../../local';
import { API_HOST, appliedOf, restApi } from '../../local/__tests__/support';
import { howToUse } from '../../start/screen';
import { folderForEachTest } from '../support/temporary-folder';

const DATABASE = {
  arn: 'arn:aws:rds:eu-west-1:123456789012:db:matrix',
  address: 'db.test',
  port: 3306,
  username: 'admin',
  master_user_secret: [{ secret_arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1' }],
};

/** The client host, with the role that it assumes. */
const HOST = {
  aws_instance: [{ iam_instance_profile: 'profile' }],
  aws_iam_instance_profile: [{ name: 'profile', role: 'client' }],
  aws_iam_role: [{ name: 'client', arn: 'arn:aws:iam::123456789012:role/client' }],
  aws_iam_role_policy: [
    { role: 'client', policy: '{"Resource":"arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-1/analyst"}' },
  ],
};

/** The servers of the API. */
const SERVED = {
  api: { address: '127.1.2.3', port: 443, domainName: API_HOST },
  edge: { httpPort: 8080, httpsPort: 8443 },
  browser: { port: 8000 },
} as unknown as Served;

// The space in the folder's name needs quotes in a shell.
const folder = folderForEachTest('npm start-');

/** Returns the instructions for a deployment. @param unreachable why the database is unreachable. @default - it is reachable */
function screenOf(resources: Parameters<typeof appliedOf>[0], served: Served | undefined, unreachable?: string) {
  const aws = {
    url: 'http://127.0.0.1:4566',
    authorities: { amazon: { pem: 'AMAZON' }, instance: { pem: 'RDS' } },
    endpoints: { hosts: { 'db.test': '127.20.0.9' }, notices: ['A notice of an endpoint.'] },
    network: { judge: () => unreachable, loopback: (_subnet: number, host: number) => `127.20.1.${host}` },
  };
  return howToUse({
    deployment: { applied: appliedOf(resources), aws } as unknown as LocalDeployment,
    served,
    folder: folder(),
  });
}

const linesWith = (text: string, part: string): string[] => text.split('\n').filter((line) => line.includes(part));

describe('the URL for a browser', () => {
  it.each([
    [
      'is the URL of the matrix, if the matrix is deployed',
      { '/': 'users', '/auth-matrix': 'auth-matrix' },
      '/auth-matrix',
    ],
    [
      'is otherwise the URL of the first path in alphabetical order',
      { '/items': 'items', '/func1': 'func1' },
      '/func1',
    ],
  ])('%s', (_what, functions, path) => {
    expect(screenOf(restApi(functions), SERVED).url).toBe(`http://localhost:8000${path}`);
  });

  it('is undefined without a route', () => {
    const { url, text } = screenOf({}, undefined);
    expect(url).toBeUndefined();
    expect(text).toContain('No route is deployed, so there is nothing to call.');
  });
});

describe('the lines for curl', () => {
  it('call each path, then the first path in three other ways: from an address outside the allowlist, without CloudFront, without TLS', () => {
    const { text } = screenOf(restApi({ '/items': 'items', '/func1': 'func1' }), SERVED);
    expect(linesWith(text, 'curl --cacert')).toEqual([
      `  curl --cacert '${folder()}/amazon-ca.pem' https://localhost:8443/func1`,
      `  curl --cacert '${folder()}/amazon-ca.pem' https://localhost:8443/items`,
      `  curl --cacert '${folder()}/amazon-ca.pem' --interface 127.0.0.9 https://localhost:8443/func1`,
      `  curl --cacert '${folder()}/amazon-ca.pem' --connect-to ::127.1.2.3:443 https://${API_HOST}/live/func1`,
    ]);
    expect(linesWith(text, 'curl --include')).toEqual(['  curl --include http://localhost:8080/func1']);
  });
});

describe('the lines for the database', () => {
  it('log in as each database user of the client host, and as the master user, whose secret’s ARN is in quotes', () => {
    const { text } = screenOf({ aws_db_instance: [DATABASE], ...HOST }, undefined);
    const logins = linesWith(text, 'MYSQL_PWD=');
    expect(logins).toEqual([
      expect.stringMatching(
        /--region eu-west-1 --profile client-host rds generate-db-auth-token .*--username analyst\) mariadb --host=127\.20\.0\.9 .*--user=analyst$/,
      ),
      expect.stringMatching(/--secret-id '\S+rds!db-1' .* --user=admin$/),
    ]);
    expect(logins.join('\n')).not.toContain('--password');
  });

  it('verify the certificate of the instance', () => {
    const { text } = screenOf({ aws_db_instance: [DATABASE], ...HOST }, undefined);
    for (const login of linesWith(text, 'MYSQL_PWD='))
      expect(login).toContain(` --ssl-ca='${folder()}/rds-ca.pem' --ssl-verify-server-cert `);
  });

  it('log in only as the master user if there is no client host', () => {
    const { text } = screenOf({ aws_db_instance: [DATABASE] }, undefined);
    expect(linesWith(text, 'MYSQL_PWD=')).toEqual([expect.stringMatching(/ --user=admin$/)]);
  });

  it.each([
    ['without a client host', '', {}],
    [
      'with a client host',
      ' On AWS, the command in the output `tunnel` reaches the database through the client host.',
      HOST,
    ],
  ])('are replaced by the reason why the database is unreachable (%s)', (_what, tunnel, host) => {
    const { text } = screenOf({ aws_db_instance: [DATABASE], ...host }, undefined, 'it is not public');
    expect(linesWith(text, 'you cannot')).toEqual([
      `As on AWS, you cannot reach the database directly: it is not public.${tunnel}`,
    ]);
    expect(text).not.toContain('MYSQL_PWD=');
  });

  it('are missing until the instance exists', () => {
    const { text } = screenOf({ aws_db_instance: [{ ...DATABASE, address: null }] }, undefined);
    expect(text).not.toMatch(/database|MYSQL_PWD/);
  });
});

it('the screen of npm start shows the notices of the endpoints', () => {
  expect(screenOf({}, undefined).text.split('\n')).toContain('A notice of an endpoint.');
});
