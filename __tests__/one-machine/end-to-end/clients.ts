import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { howToUse } from '../../../start/screen';
import type { RunningDeployment } from '../support/running-deployment';

const QUERY = 'SELECT CURRENT_USER() AS user';

/** Result of a command. */
interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Pastes the printed lines into curl, mariadb and the AWS CLI. */
export function clients(running: RunningDeployment): void {
  let lines: string[];
  let screen: string;

  beforeAll(() => {
    const { deployment, served } = running;
    screen = howToUse({ deployment, served, folder: running.deploymentFolder }).text;
    lines = screen.split('\n').flatMap((line) => (line.startsWith('  ') ? [line.trim()] : []));
  });

  beforeEach(() => running.logs.mark());

  /** Returns the only printed line with all of these words. */
  const line = (...words: string[]): string => {
    const found = lines.filter((candidate) => words.every((word) => candidate.includes(word)));
    if (found.length !== 1) throw new Error(`${found.length} lines contain ${words.join(', ')}:\n${screen}`);
    return found[0] ?? '';
  };

  describe('curl with the printed lines', () => {
    const curl = (command: string): Promise<Run> =>
      bash(`curl() { command curl --silent --show-error --write-out '\\n%{http_code}' "$@"; }\n${command}`);

    it.each([
      ['/', '"users":['],
      ['/func1', '"via":"password-proxy"'],
      ['/func2', '"via":"iam-proxy"'],
      ['/items', '"items":[{"id":1,'],
    ])('calls %s', async (path, words) => {
      const [command = ''] = lines.filter((one) => one.startsWith('curl --cacert') && one.endsWith(path));
      const { stdout } = await curl(command);
      expect(stdout).toMatch(/\n200$/);
      expect(stdout).toContain(words);
    });

    it('is blocked from an address outside the offices', async () => {
      expect((await curl(line('curl', '--interface'))).stdout).toMatch(/Request blocked\.[^]*\n403$/);
    });

    it('is refused past CloudFront', async () => {
      expect((await curl(line('curl', '--connect-to'))).stdout).toMatch(/API key is missing or wrong[^]*\n403$/);
    });

    it('is redirected to https', async () => {
      expect((await curl(line('curl', '--include'))).stdout).toMatch(/^location: https:\/\/localhost:[^]*\n301$/im);
    });

    it('does not trust CloudFront without the local certificate authority', async () => {
      const { code, stderr } = await curl(line('curl', '--interface').replace(/--cacert \S+/, ''));
      expect([code, stderr]).toEqual([60, expect.stringContaining('certificate')]);
    });
  });

  describe('mariadb with a token of the AWS CLI and the printed lines', () => {
    const login = (change: (command: string) => string = (command) => command): Promise<Run> =>
      mysql(change(line('mariadb', '--user=analyst')));
    const mysql = (command: string): Promise<Run> => bash(`${line('export AWS_CONFIG_FILE')}\n${command}`, QUERY);
    const denied = (user: string) => expect.stringContaining(`ERROR 1045 (28000): Access denied for user '${user}'`);

    it('logs in as the user of the client host', async () => {
      expect(await login()).toEqual({ code: 0, stdout: 'user\nanalyst@%\n', stderr: '' });
    });

    it('logs in as the master user by password', async () => {
      const { username } = running.one('aws_db_instance');
      const { stdout } = await mysql(line('mariadb', 'secretsmanager'));
      expect(stdout).toBe(`user\n${username}@%\n`);
    });

    it('reads the tables but cannot write', async () => {
      const command = line('mariadb', '--user=analyst');
      const { stdout } = await bash(
        `${line('export AWS_CONFIG_FILE')}\n${command}`,
        'SELECT COUNT(*) n FROM app.items',
      );
      expect(stdout).toBe('n\n4\n');
      const refused = await bash(`${line('export AWS_CONFIG_FILE')}\n${command}`, 'DELETE FROM app.items');
      expect(refused.stderr).toContain("ERROR 1142 (42000) at line 1: DELETE command denied to user 'analyst'");
    });

    it('is refused as another user than the token is for', async () => {
      const { code, stderr } = await login((command) => command.replace('--user=analyst', '--user=items'));
      expect([code, stderr]).toEqual([1, denied('items')]);
      expect(await running.logs.since('rds', /it is for/)).toMatch(
        /'items'@\S+ is refused: it is for the user analyst/,
      );
    });

    it('is refused as a user that the client host may not log in as', async () => {
      const { code, stderr } = await login((command) => command.replaceAll('analyst', 'users_reader'));
      expect([code, stderr]).toEqual([1, denied('users_reader')]);
      expect(await running.logs.since('rds', /is not authorized/)).toMatch(
        /is not authorized to perform: rds-db:connect on resource: \S+\/users_reader/,
      );
    });

    it('is refused with a modified token', async () => {
      const { code, stderr } = await login((command) => command.replace('--username analyst)', '--username analyst)0'));
      expect([code, stderr]).toEqual([1, denied('analyst')]);
      expect(await running.logs.since('rds', /signature/)).toContain('its signature is wrong');
    });

    it('is refused without TLS', async () => {
      const { code, stderr } = await login((command) =>
        command.replace(/--ssl-ca=\S+ --ssl-verify-server-cert/, '--skip-ssl'),
      );
      expect([code, stderr]).toEqual([1, denied('analyst')]);
    });

    it('does not trust the instance with the certificate authority of the proxies', async () => {
      const { code, stderr } = await login((command) => command.replace('rds-ca.pem', 'amazon-ca.pem'));
      expect([code, stderr]).toEqual([1, expect.stringMatching(/certificate/)]);
    });

    it.each(['password', 'iam'])('does not reach the %s proxy, which is never public', async (proxy) => {
      const { endpoint } = running.one('aws_db_proxy', `${proxy}-proxy`);
      const address = running.deployment.aws.endpoints.hosts[endpoint] ?? '';
      const { code } = await login((command) => command.replace(/--host=\S+/, `--host=${address} --connect-timeout=1`));
      expect(code).toBe(1);
      expect(await running.logs.since('rds', /never public/)).toMatch(/is a proxy, and proxies are never public/);
    });

    it('is refused as the password user, which is limited to the VPC', async () => {
      const { password } = JSON.parse(
        await running.secret(running.one('aws_secretsmanager_secret', 'timestamps')['arn']),
      );
      const { code, stderr } = await login((command) =>
        command.replace(/MYSQL_PWD=\$\(.*\) /, `MYSQL_PWD=${password} `).replace('--user=analyst', '--user=timestamps'),
      );
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining("ERROR 1045 (28000): Access denied for user 'timestamps'"),
      ]);
    });
  });

  describe('the AWS CLI', () => {
    const aws = (words: string): Promise<Run> => bash(`${line('export AWS_CONFIG_FILE')}\naws ${words} --output text`);

    it('assumes the role of the client host', async () => {
      const { stdout } = await aws('sts get-caller-identity --profile client-host --query Arn');
      expect(stdout).toMatch(/:assumed-role\/login-matrix-test-client\/start-\d+\n$/);
    });

    it('finds both proxies', async () => {
      const { stdout } = await aws("rds describe-db-proxies --query 'DBProxies[].[DBProxyName]'");
      expect(stdout.trim().split('\n').sort()).toEqual(['login-matrix-test-iam', 'login-matrix-test-password']);
    });
  });
}

/** Runs a bash script with a text as standard input. */
function bash(script: string, input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const cwd = join(__dirname, '..', '..', '..');
    const child = execFile('bash', ['-c', script], { cwd, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.end(input);
  });
}
