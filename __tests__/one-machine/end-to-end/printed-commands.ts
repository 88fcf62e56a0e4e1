import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { howToUse } from '../../../start/screen';
import type { PasteResult } from '../support/laptop';
import type { RunningDeployment } from '../support/running-deployment';

const QUERY = 'SELECT CURRENT_USER() AS user';

/** Runs the commands of curl and mariadb that `npm start` prints, and the AWS CLI with the printed configuration. */
export function testPrintedCommands(running: RunningDeployment): void {
  let screen: string;
  let printedLines: string[];

  beforeAll(() => {
    const { deployment, served } = running;
    screen = howToUse({ deployment, served, folder: running.deploymentFolder }).text;
    printedLines = screen.split('\n').flatMap((line) => (line.startsWith('  ') ? [line.trim()] : []));
  });

  /** Returns the only printed line that contains all of these texts. */
  const lineWith = (...texts: string[]): string => {
    const matches = printedLines.filter((line) => texts.every((text) => line.includes(text)));
    if (matches.length !== 1) throw new Error(`${matches.length} lines contain ${texts.join(', ')}:\n${screen}`);
    return matches[0] ?? '';
  };

  describe('the printed command of curl', () => {
    const curl = (command: string): Promise<PasteResult> =>
      bash(`curl() { command curl --silent --show-error --write-out '\\n%{http_code}' "$@"; }\n${command}`);

    it.each([
      ['/', '"users":['],
      ['/func1', '"via":"password-proxy"'],
      ['/func2', '"via":"iam-proxy"'],
      ['/items', '"items":[{"id":1,'],
    ])('calls %s', async (path, text) => {
      const command = printedLines.find((line) => line.startsWith('curl --cacert') && line.endsWith(path)) ?? '';
      const { stdout } = await curl(command);
      expect(stdout).toMatch(/\n200$/);
      expect(stdout).toContain(text);
    });

    it('is blocked if it calls from an address outside the offices', async () => {
      expect((await curl(lineWith('curl', '--interface'))).stdout).toMatch(/Request blocked\.[^]*\n403$/);
    });

    it('is refused if it bypasses CloudFront and calls API Gateway', async () => {
      expect((await curl(lineWith('curl', '--connect-to'))).stdout).toMatch(/API key is missing or wrong[^]*\n403$/);
    });

    it('is redirected to HTTPS', async () => {
      expect((await curl(lineWith('curl', '--include'))).stdout).toMatch(/^location: https:\/\/localhost:[^]*\n301$/im);
    });

    it('rejects the certificate of CloudFront without --cacert', async () => {
      const { code, stderr } = await curl(lineWith('curl', '--interface').replace(/--cacert \S+/, ''));
      expect([code, stderr]).toEqual([60, expect.stringContaining('certificate')]);
    });
  });

  describe('the printed command of mariadb, which gets a token or a password from the AWS CLI,', () => {
    const runSql = (command: string, sql = QUERY): Promise<PasteResult> =>
      bash(`${lineWith('export AWS_CONFIG_FILE')}\n${command}`, sql);
    const logIn = (change: (command: string) => string = (command) => command): Promise<PasteResult> =>
      runSql(change(lineWith('mariadb', '--user=analyst')));

    it('logs in as the user of the client host', async () => {
      expect(await logIn()).toEqual({ code: 0, stdout: 'user\nanalyst@%\n', stderr: '' });
    });

    it('logs in as the master user by password', async () => {
      const { username } = running.one('aws_db_instance');
      const { stdout } = await runSql(lineWith('mariadb', 'secretsmanager'));
      expect(stdout).toBe(`user\n${username}@%\n`);
    });

    it('reads the tables but cannot write', async () => {
      const command = lineWith('mariadb', '--user=analyst');
      expect((await runSql(command, 'SELECT COUNT(*) AS count FROM app.items')).stdout).toBe('count\n4\n');
      expect((await runSql(command, 'DELETE FROM app.items')).stderr).toContain(
        "ERROR 1142 (42000) at line 1: DELETE command denied to user 'analyst'",
      );
    });

    it('is refused for a user that the client host may not log in as', async () => {
      const { code, stderr } = await logIn((command) => command.replaceAll('analyst', 'users_reader'));
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining("ERROR 1045 (28000): Access denied for user 'users_reader'"),
      ]);
      expect(await running.logs.since('rds', /is not authorized/)).toMatch(
        /is not authorized to perform: rds-db:connect on resource: \S+\/users_reader/,
      );
    });

    it('does not reach a proxy, which is never public', async () => {
      const { endpoint } = running.one('aws_db_proxy', 'iam-proxy');
      const address = running.deployment.aws.endpoints.hosts[endpoint] ?? '';
      const { code } = await logIn((command) => command.replace(/--host=\S+/, `--host=${address} --connect-timeout=1`));
      expect(code).toBe(1);
      expect(await running.logs.since('rds', /never public/)).toMatch(/is a proxy, and proxies are never public/);
    });
  });

  describe('the AWS CLI with the printed configuration', () => {
    const aws = (args: string): Promise<PasteResult> =>
      bash(`${lineWith('export AWS_CONFIG_FILE')}\naws ${args} --output text`);

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

/** Runs a bash script. @param input its standard input */
function bash(script: string, input = ''): Promise<PasteResult> {
  return new Promise((resolve) => {
    const cwd = join(__dirname, '..', '..', '..');
    const child = execFile('bash', ['-c', script], { cwd, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}
