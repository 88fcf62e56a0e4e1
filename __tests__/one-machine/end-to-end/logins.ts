import { findProgram } from '../../../local';
import { findMysqlClient } from '../../../scripts/mysql-client';
import { Laptop } from '../support/laptop';
import { outputsOf } from '../support/outputs';
import type { RunningDeployment } from '../support/running-deployment';
import { allFeatures } from '../../support/stack';

const MINUTE_MS = 60_000;
const mysql = findMysqlClient();

/** Each user with its account, and a statement that needs its grants. */
const USERS = [
  { user: 'items', account: 'items@%', statement: 'SELECT COUNT(*) FROM items', answer: '4' },
  { user: 'analyst', account: 'analyst@%', statement: 'SELECT COUNT(*) FROM items', answer: '4' },
  {
    user: 'users_reader',
    account: 'users_reader@%',
    statement: "SELECT User FROM user WHERE User = 'items'",
    answer: 'items',
  },
];

/** Pastes the lines of the outputs on a laptop. */
export function logins(running: RunningDeployment): void {
  const roleOf = (user: string): string => `arn:aws:iam::123456789012:role/only-${user}`;
  const outputs = (): Record<string, string> => outputsOf(running.deployment);
  const lineOf = (name: string): string => outputs()[name] ?? `There is no output ${name}`;

  describe('people', () => {
    // Each person's role has only the policy of one user.
    beforeAll(() =>
      running.serveChanged((state) => {
        for (const [name, policy] of Object.entries(outputs())) {
          const user = /^connect_policy_(.+)$/.exec(name)?.[1];
          if (user === undefined) continue;
          const role = `only-${user}`;
          state.add('aws_iam_role', role, { name: role, arn: roleOf(user), assume_role_policy: TRUST });
          state.add('aws_iam_role_policy', role, { name: 'connect', role, policy });
        }
      }),
    );
    afterAll(() => running.serve());
    beforeEach(() => running.logs.mark());

    describe.each([
      ['MariaDB’s client', findProgram(['mariadb'])],
      ['MySQL’s client', mysql],
    ])('the printed lines, with %s as mysql', (_, program) => {
      const test = program === undefined ? it.skip : it;
      let laptop: Laptop;

      beforeAll(async () => {
        laptop = await Laptop.start({ running, mysql: program ?? '', region: allFeatures.region });
        expect(await laptop.paste(lineOf('database_ca'))).toEqual({ code: 0, stdout: '', stderr: '' });
      });
      afterAll(() => laptop.stop());

      /** Pastes a line with the role of one user and runs statements. @returns the last lines, and errors */
      const logIn = async (line: string, user: string, statements: string, shell?: string): Promise<string[]> => {
        laptop.useCredentials(user === 'admin' ? undefined : roleOf(user));
        const { stdout, stderr } = await laptop.paste(line, statements, shell);
        // Each client warns about options that only the other knows; MariaDB's prints one warning to standard output.
        return `${stdout}\n${stderr}`.split('\n').filter((one) => one !== '' && !/^(mysql: \[)?warning\b/i.test(one));
      };

      test.each(USERS)(
        'log in from the internet as $user with only the policy of that user',
        async ({ user, account, statement, answer }) => {
          const lines = await logIn(lineOf(`login_${user}`), user, `SELECT CURRENT_USER(); ${statement};`);
          expect(lines).toEqual(['CURRENT_USER()', account, expect.any(String), answer]);
        },
      );

      test('log in as the master user', async () => {
        expect(await logIn(lineOf('login_admin'), 'admin', 'SELECT CURRENT_USER();')).toEqual([
          'CURRENT_USER()',
          'admin@%',
        ]);
      });

      test.each(['sh', 'bash'])('work in %s', async (shell) => {
        expect(await logIn(lineOf('login_items'), 'items', 'SELECT 1 AS one;', shell)).toEqual(['one', '1']);
      });

      test('do not log in as a user that the policy does not name', async () => {
        expect(await logIn(lineOf('login_items'), 'analyst', 'SELECT 1;')).toEqual([
          expect.stringMatching(/^ERROR 1045 \(28000\): Access denied for user 'items'/),
        ]);
        expect(await running.logs.since('rds', /is not authorized/)).toMatch(
          /only-analyst is not authorized to perform: rds-db:connect on resource: \S+\/items/,
        );
      });

      test('verify the server: another authority and another name are rejected', async () => {
        const line = lineOf('login_items');
        await laptop.paste('cat > ~/other.pem', running.deployment.aws.authorities.amazon.pem);
        await laptop.paste(`echo ${addressOf(running)} other.example.com | sudo tee -a /etc/hosts`);
        for (const other of [
          line.replace('~/.rds-eu-central-1.pem', '~/other.pem'),
          line.replace(/--host=\S+/, '--host=other.example.com'),
        ]) {
          expect(await logIn(other, 'items', 'SELECT 1;')).toEqual([expect.stringMatching(/^ERROR 2026 /)]);
        }
      });

      describe('through the tunnel', () => {
        let interrupt: () => void;

        beforeAll(async () => {
          if (program === undefined) return;
          interrupt = await laptop.pasteInBackground(lineOf('tunnel'), /Waiting for connections/);
        }, MINUTE_MS);
        afterAll(() => program !== undefined && interrupt());

        test('connects to the client host with the document that the policy names', () => {
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

        test('the name of the instance must resolve to it, or MySQL’s client must verify only the authority', async () => {
          const line = lineOf('tunnel_login_items').replace(/--host=\S+/, '--host=127.0.0.1');
          expect(await logIn(line, 'items', 'SELECT 1;')).toEqual([expect.stringMatching(/^ERROR 2026 /)]);
          if (program !== mysql) return;
          const authority = line.replace('VERIFY_IDENTITY', 'VERIFY_CA');
          expect(await logIn(authority, 'items', 'SELECT 1 AS one;')).toEqual(['one', '1']);
        });

        test(
          'each user logs in from inside the VPC',
          async () => {
            expect((await laptop.paste(lineOf('tunnel_host'))).code).toBe(0);
            for (const [user, account] of [
              ...USERS.map(({ user, account }) => [user, account] as const),
              MATRIX,
              ADMIN,
            ]) {
              const lines = await logIn(lineOf(`tunnel_login_${user}`), user, 'SELECT CURRENT_USER(), USER();');
              expect(lines).toEqual([
                'CURRENT_USER()\tUSER()',
                `${account}\t${user}@${running.one('aws_instance')['private_ip']}`,
              ]);
            }
          },
          MINUTE_MS,
        );
      });
    });
  });
}

/** Returns the local address of the instance. */
function addressOf(running: RunningDeployment): string {
  return running.deployment.aws.endpoints.hosts[running.one('aws_db_instance')['address']] ?? '';
}

const MATRIX = ['matrix_iam', 'matrix_iam@10.20.0.0/255.255.0.0'] as const;
const ADMIN = ['admin', 'admin@%'] as const;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:role/people' } },
  ],
});
