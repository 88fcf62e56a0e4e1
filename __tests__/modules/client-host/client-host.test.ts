import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allFeatures, synthesise } from '../../support/stack';
import type { JsonObject } from '../../support/synthesised-stack';

const stack = synthesise(allFeatures);
const host = stack.one('aws_instance');

/** The start script as the instance gets it, with Terraform's escapes and expressions resolved. */
const userData = String(host.user_data)
  .replace(/(?<!\$)\$\{[^}]*\}/g, 'db.example.com')
  .replaceAll('$${', '${');

describe('the client host', () => {
  it('opens no port, has no key pair, encrypts its disk, and requires tokens for instance metadata', () => {
    const inbound = Object.values(stack.all('aws_vpc_security_group_ingress_rule'));
    expect(inbound.map((rule) => String(rule.security_group_id)).join()).not.toContain('security-groups_client');
    expect(host).not.toHaveProperty('key_name');
    expect(host).toMatchObject({
      associate_public_ip_address: true,
      metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true },
    });
  });

  it('is created after the route to the internet, which it needs for packages', () => {
    expect(host.depends_on).toContain(stack.addressOf('aws_route', 'public-routes'));
  });

  it('is reachable through Session Manager, without AWS’s managed policy, which also allows reading parameters', () => {
    const { policy } = stack.one('aws_iam_role_policy', 'SessionManager');
    const { Statement } = JSON.parse(String(policy)) as { Statement: unknown[] };
    expect(Statement).toEqual([
      {
        Sid: 'SessionManager',
        Effect: 'Allow',
        Action: [
          'ssm:UpdateInstanceInformation',
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        Resource: ['*'],
      },
    ]);
    const attached = Object.values<JsonObject>(stack.all('aws_iam_role_policy_attachment'));
    expect(attached.map(({ policy_arn }) => String(policy_arn)).join()).not.toContain('AmazonSSMManagedInstanceCore');
    expect(stack.json['output']).toMatchObject({
      client_session: {
        value: expect.stringContaining('aws ssm start-session --region eu-central-1 --target') as string,
      },
    });
  });

  it('has a start script that is valid bash and shorter than EC2’s limit of 16 KiB', () => {
    expect(Buffer.byteLength(userData)).toBeLessThan(16 * 1024);
    execFileSync('bash', ['-n'], { input: userData });
  });

  it('writes `connect` and the certificate authorities before it installs the client, because the installation may fail', () => {
    const [files = '', installation] = userData.split('install_client()');
    expect(files).toMatch(/rds\.pem.*connect/s);
    expect(installation).toContain('dnf install');
    expect(files).not.toContain('dnf install -y mariadb1011');
  });

  it('is not replaced when a user is added', () => {
    const users = { clients: [{ name: 'analyst' }, { name: 'newcomer' }] };
    const withAddedUser = synthesise({ ...allFeatures, database: { ...allFeatures.database, users } });
    // `depends_on` then has one more permission, but it is only the order of creation.
    expect({ ...withAddedUser.one('aws_instance'), depends_on: host.depends_on }).toEqual(host);
  });

  it('is not replaced when a newer image appears, or when it is stopped and so loses its public address', () => {
    expect(host.lifecycle).toEqual({ ignore_changes: ['ami', 'associate_public_ip_address'] });
  });

  it('has the certificate authorities of its region in its start script', () => {
    expect(userData).toContain(readFileSync(join(__dirname, '../../../certs/rds/eu-central-1.pem'), 'utf8').trim());
  });
});

describe('the script connect', () => {
  const [, connect = ''] = /<<'CONNECT'\n(.*)\nCONNECT\n/s.exec(userData) ?? [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'connect-'));
    const program = (name: string, script: string): void =>
      writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    program('connect', connect);
    program('aws', 'echo "token for $*"');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the script with a fake `mysql`, which reports this version if asked, and otherwise prints its arguments and password. */
  function runConnect(version: string, ...options: string[]): string {
    const mysql = `[ "$1" = --version ] && echo '${version}' && exit; printf '%s\\n' "$@" "MYSQL_PWD=$MYSQL_PWD"`;
    writeFileSync(join(folder, 'mysql'), `#!/bin/bash\n${mysql}\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    return execFileSync(join(folder, 'connect'), options, { env, encoding: 'utf8', stdio: 'pipe' });
  }

  const TOKEN_IN_ENVIRONMENT =
    'MYSQL_PWD=token for rds generate-db-auth-token --hostname db.example.com --port 3306 --username analyst --region eu-central-1';

  it('signs a token and starts MariaDB’s client, which verifies the server', () => {
    expect(runConnect('mysql from 11.4.2-MariaDB', 'analyst').trim().split('\n')).toEqual([
      '--host=db.example.com',
      '--port=3306',
      '--user=analyst',
      '--ssl-ca=/etc/login-matrix/rds.pem',
      '--ssl-verify-server-cert',
      'app',
      TOKEN_IN_ENVIRONMENT,
    ]);
  });

  it('starts MySQL’s client with the plugin for tokens, and passes options on', () => {
    const lines = runConnect('mysql  Ver 8.4.0 for Linux', 'analyst', '--', '--execute=SELECT 1').trim().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '--ssl-mode=VERIFY_IDENTITY',
        '--enable-cleartext-plugin',
        '--execute=SELECT 1',
        TOKEN_IN_ENVIRONMENT,
      ]),
    );
  });

  it('ends with status 3 and names the log of the installation if the client is missing', () => {
    const env = { PATH: `${folder}:/nowhere` };
    const outcome = spawnSync('/bin/bash', [join(folder, 'connect'), 'analyst'], { env, encoding: 'utf8' });
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toContain('the mysql client is not installed. /var/log/cloud-init-output.log says why');
  });

  it('prints its usage if asked, or if the user is missing', () => {
    expect(runConnect('mysql', '--help')).toContain('connect USER [-- OPTIONS OF mysql]');
    expect(() => runConnect('mysql')).toThrow('USER is one of database.users.clients in the settings');
  });
});
