import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { resourcesOf, type TerraformPlan, type TerraformState } from '../../../local';
import type { Terraform } from '../../../local/__tests__/support';
import { outputsOf } from '../support/outputs';
import { changesIn } from '../support/terraform-configuration';
import type { RunningDeployment } from '../support/running-deployment';

const MINUTE_MS = 60_000;

/** Tests the outputs, the applied resources, and Terraform's state and next plan. */
export function testAppliedDeployment(running: RunningDeployment): void {
  describe('the applied deployment', () => {
    it('has outputs with the addresses to call, the resource ids for policies, and the command for a session at the client host', () => {
      const outputs = outputsOf(running.deployment);
      const [instance, passwordProxy, iamProxy] = [
        running.one('aws_db_instance'),
        running.one('aws_db_proxy', 'password-proxy'),
        running.one('aws_db_proxy', 'iam-proxy'),
      ];
      const resourceIdOf = ({ arn }: { arn: string }) => arn.split(':')[6];
      expect(outputs).toMatchObject({
        api_url: `https://${running.one('aws_cloudfront_distribution')['domain_name']}`,
        api_gateway_url: running.one('aws_api_gateway_stage')['invoke_url'],
        database_endpoint: instance['address'],
        database_resource_id: instance['resource_id'],
        password_proxy_endpoint: passwordProxy['endpoint'],
        password_proxy_resource_id: resourceIdOf(passwordProxy),
        iam_proxy_endpoint: iamProxy['endpoint'],
        iam_proxy_resource_id: resourceIdOf(iamProxy),
        client_session: `aws ssm start-session --region eu-central-1 --target ${running.one('aws_instance')['id']}`,
      });
      expect([resourceIdOf(passwordProxy), instance['resource_id']]).toEqual([
        expect.stringMatching(/^prx-\w+$/),
        expect.stringMatching(/^db-\w+$/),
      ]);
    });

    it('has a database and its users, as the bootstrap function reports', () => {
      const { result } = running.one('aws_lambda_invocation', 'bootstrap');
      const vpc = '10.20.0.0/255.255.0.0';
      expect(JSON.parse(result)).toEqual({
        database: 'app',
        users: [
          `'timestamps'@'${vpc}'`,
          "'items'@'%'",
          "'users_reader'@'%'",
          `'matrix_password'@'${vpc}'`,
          `'matrix_iam'@'${vpc}'`,
          "'analyst'@'%'",
        ],
        migrations: { applied: ['0001-timestamps', '0002-items'], unknown: [] },
      });
    });

    it('accepts the logins of /func1, /func2 and /items from inside the VPC, as the login check reports', () => {
      const { result } = running.one('aws_lambda_invocation', 'login-check');
      const host = (proxy: string): string => running.one('aws_db_proxy', proxy)['endpoint'];
      expect(JSON.parse(result)).toEqual({
        logins: [
          `GET /func1 (by password as timestamps at ${host('password-proxy')})`,
          `GET /func2 (by IAM as timestamps at ${host('iam-proxy')})`,
          `GET /items (by IAM as items at ${running.one('aws_db_instance')['address']})`,
        ],
      });
    });

    it.each([
      ['timestamps', 'timestamps'],
      ['matrix', 'matrix_password'],
    ])(
      'has the secret %s with username and password; its rotation has replaced the first password',
      async (word, username) => {
        const { arn } = running.one('aws_secretsmanager_secret', word);
        const [first, current] = [await running.secret(arn, 'AWSPREVIOUS'), await running.secret(arn)].map(
          (text) => JSON.parse(text) as { password: string },
        );
        expect(current).toEqual({ username, password: expect.stringMatching(/^\w{32}$/) });
        expect(first?.password).not.toBe(current?.password);
      },
    );
  });

  describe('Terraform', () => {
    let terraform: Terraform;
    let plan: TerraformPlan;

    beforeAll(async () => {
      terraform = await running.deployment.openTerraform();
      plan = await terraform.plan();
    });

    it('writes no password to its files, its state or its plan', async () => {
      const userSecrets = ['timestamps', 'matrix'].map((word) => running.one('aws_secretsmanager_secret', word)['arn']);
      const masterSecret = running.one('aws_db_instance')['master_user_secret'][0].secret_arn;
      const secrets = await Promise.all([
        // Terraform has handled only the first password of each user. The first rotation has made it AWSPREVIOUS.
        ...userSecrets.map((arn) => running.secret(arn, 'AWSPREVIOUS')),
        ...[...userSecrets, masterSecret].map((arn) => running.secret(arn)),
      ]);
      const stored = filesOf(join(running.deploymentFolder, 'terraform'));
      const printed = [plan, running.deployment.state].map((json) => JSON.stringify(json));
      const texts = [...stored, ...printed].join('\n');
      // The state holds the API key. If the search finds the key, it would also find a password.
      expect(texts).toContain(running.one('aws_api_gateway_api_key')['value']);
      for (const secret of secrets) {
        const { password } = JSON.parse(secret);
        expect(password.length).toBeGreaterThanOrEqual(8);
        expect(texts.includes(password)).toBe(false);
      }
    });

    it('lists the same AWS resources that the local AWS reads from the state file', async () => {
      const valuesIn = (state: TerraformState): unknown[] =>
        resourcesOf(state)
          .filter(({ type }) => type.startsWith('aws_'))
          .map(({ address, values }) => [address, values])
          .sort();
      expect(valuesIn(await terraform.showWhileApplying())).toEqual(valuesIn(running.deployment.state));
    });

    it('plans no change after the apply', () => {
      expect(changesIn(plan)).toEqual([]);
    });
  });
}

/** Destroys the deployment. */
export function testDestroy(running: RunningDeployment): void {
  it(
    'terraform destroy leaves no resource',
    async () => {
      const terraform = await running.deployment.openTerraform();
      await terraform.destroy();
      expect((await terraform.show()).values).toBeUndefined();
    },
    10 * MINUTE_MS,
  );
}

/** Returns the contents of all files below a folder, without providers and uploaded files. Unpacks a saved plan, which is a zip. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !path.includes('/.terraform/') && !path.includes('/assets/'))
    .flatMap((path) => {
      const bytes = readFileSync(path);
      return path.endsWith('tfplan') ? Object.values(unzipSync(bytes)) : [bytes];
    })
    .map((bytes) => Buffer.from(bytes).toString('latin1'));
}
