import { findProgram } from '../../../local';
import { findMysqlClient } from '../../../scripts/mysql-client';
import { Laptop } from '../support/laptop';
import { outputsOf } from '../support/outputs';
import type { RunningDeployment } from '../support/running-deployment';

const mysqlClient = findMysqlClient();

/** Users that log in by IAM from anywhere. Each has its account, a statement that needs its grants, and the statement's result. */
const USERS = [
  { user: 'items', account: 'items@%', statement: 'SELECT COUNT(*) FROM items', result: '4' },
  { user: 'analyst', account: 'analyst@%', statement: 'SELECT COUNT(*) FROM items', result: '4' },
  {
    user: 'users_reader',
    account: 'users_reader@%',
    statement: "SELECT User FROM user WHERE User = 'items'",
    result: 'items',
  },
];

/** A user that logs in only from the VPC, and one that logs in by password. */
const OTHER_USERS = [
  { user: 'matrix_iam', account: 'matrix_iam@10.20.0.0/255.255.0.0' },
  { user: 'admin', account: 'admin@%' },
];

/** The trust policy of a person's role. */
const TRUST_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:role/people' } },
  ],
});

/** Pastes the login commands of the outputs into a shell on a laptop. */
export function testLoginCommands(running: RunningDeployment): void {
  const roleOf = (user: string): string => `arn:aws:iam::123456789012:role/only-${user}`;
  const outputs = (): Record<string, string> => outputsOf(running.deployment);
  const commandOf = (output: string): string => outputs()[output] ?? `There is no output ${output}`;

  describe('the login commands of the outputs', () => {
    // Each role has only the policy of one user.
    beforeAll(() =>
      running.serveChanged((state) => {
        for (const [name, policy] of Object.entries(outputs())) {
          const user = /^connect_policy_(.+)$/.exec(name)?.[1];
          if (user === undefined) continue;
          const role = `only-${user}`;
          state.add('aws_iam_role', role, { name: role, arn: roleOf(user), assume_role_policy: TRUST_POLICY });
          state.add('aws_iam_role_policy', role, { name: 'connect', role, policy });
        }
      }),
    );
    afterAll(() => running.serve());

    describe.each([
      ['MariaDB’s client', findProgram(['mariadb'])],
      ['MySQL’s client', mysqlClient],
    ])('with %s as mysql', (_what, program) => {
      const itIfInstalled = program === undefined ? it.skip : it;
      let laptop: Laptop;

      beforeAll(async () => {
        laptop = await Laptop.start(running, program ?? '');
        expect(await laptop.paste(commandOf('database_ca'))).toEqual({ code: 0, stdout: '', stderr: '' });
      });
      afterAll(() => laptop.stop());

      /** Logs in with a pasted command and the user's role; `admin` needs none. @returns lines that the statements and errors print */
      const logIn = async (command: string, user: string, statements: string, shell?: string): Promise<string[]> => {
        laptop.useCredentials(user === 'admin' ? undefined : roleOf(user));
        const { stdout, stderr } = await laptop.paste(command, statements, shell);
        // Each client warns about the options of the other client. MariaDB's client prints one of these warnings to standard output.
        return `${stdout}\n${stderr}`
          .split('\n')
          .filter((line) => line !== '' && !/^(mysql: \[)?warning\b/i.test(line));
      };

      itIfInstalled.each(USERS)(
        'log in from the internet as $user with only the policy of that user',
        async ({ user, account, statement, result }) => {
          const lines = await logIn(commandOf(`login_${user}`), user, `SELECT CURRENT_USER(); ${statement};`);
          expect(lines).toEqual(['CURRENT_USER()', account, expect.any(String), result]);
        },
      );

      itIfInstalled('log in as the master user by password', async () => {
        expect(await logIn(commandOf('login_admin'), 'admin', 'SELECT CURRENT_USER();')).toEqual([
          'CURRENT_USER()',
          'admin@%',
        ]);
      });

      itIfInstalled('work in sh', async () => {
        expect(await logIn(commandOf('login_items'), 'items', 'SELECT 1 AS one;', 'sh')).toEqual(['one', '1']);
      });

      itIfInstalled('do not log in as a user that the policy does not name', async () => {
        expect(await logIn(commandOf('login_items'), 'analyst', 'SELECT 1;')).toEqual([
          expect.stringMatching(/^ERROR 1045 \(28000\): Access denied for user 'items'/),
        ]);
        expect(await running.logs.since('rds', /is not authorized/)).toMatch(
          /only-analyst is not authorized to perform: rds-db:connect on resource: \S+\/items/,
        );
      });

      itIfInstalled('reject a server if its certificate has another authority or another name', async () => {
        const command = commandOf('login_items');
        const address = running.deployment.aws.endpoints.hosts[running.one('aws_db_instance')['address']] ?? '';
        await laptop.paste('cat > ~/other.pem', running.deployment.aws.authorities.amazon.pem);
        await laptop.paste(`echo ${address} other.example.com | sudo tee -a /etc/hosts`);
        for (const wrongCommand of [
          command.replace('~/.rds-eu-central-1.pem', '~/other.pem'),
          command.replace(/--host=\S+/, '--host=other.example.com'),
        ]) {
          expect(await logIn(wrongCommand, 'items', 'SELECT 1;')).toEqual([expect.stringMatching(/^ERROR 2026 /)]);
        }
      });

      describe('through the tunnel', () => {
        let closeTunnel: () => void;

        beforeAll(async () => {
          if (program === undefined) return;
          closeTunnel = await laptop.pasteInBackground(commandOf('tunnel'), /Waiting for connections/);
        });
        afterAll(() => program !== undefined && closeTunnel());

        itIfInstalled('use a session at the client host that forwards to port 3306 of the instance', () => {
          expect(laptop.sessions).toEqual([
            {
              Target: running.one('aws_instance')['id'],
              DocumentName: 'AWS-StartPortForwardingSessionToRemoteHost',
              Parameters: {
                host: [running.one('aws_db_instance')['address']],
                portNumber: ['3306'],
                localPortNumber: ['13306'],
              },
            },
          ]);
        });

        itIfInstalled('reject the host 127.0.0.1, but MySQL’s client accepts this host with VERIFY_CA', async () => {
          // The certificate names only the endpoint. VERIFY_CA does not check the name.
          const command = commandOf('tunnel_login_items').replace(/--host=\S+/, '--host=127.0.0.1');
          expect(await logIn(command, 'items', 'SELECT 1;')).toEqual([expect.stringMatching(/^ERROR 2026 /)]);
          if (program !== mysqlClient) return;
          const authorityOnly = command.replace('VERIFY_IDENTITY', 'VERIFY_CA');
          expect(await logIn(authorityOnly, 'items', 'SELECT 1 AS one;')).toEqual(['one', '1']);
        });

        itIfInstalled('log in as each user, from the private address of the client host', async () => {
          expect((await laptop.paste(commandOf('tunnel_host'))).code).toBe(0);
          for (const { user, account } of [...USERS, ...OTHER_USERS]) {
            const lines = await logIn(commandOf(`tunnel_login_${user}`), user, 'SELECT CURRENT_USER(), USER();');
            expect(lines).toEqual([
              'CURRENT_USER()\tUSER()',
              `${account}\t${user}@${running.one('aws_instance')['private_ip']}`,
            ]);
          }
        });
      });
    });
  });
}
