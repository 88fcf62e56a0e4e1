import { join } from 'node:path';
import { findProgram } from '../../../local';
import { commandBlocksOf } from '../../support/documents';
import { Laptop } from '../support/laptop';
import { outputsOf } from '../support/outputs';
import type { RunningDeployment } from '../support/running-deployment';
import { allFeatures } from '../../support/stack';

const MINUTE_MS = 60_000;
/** Commands that take the database away. The document says that they were tried by hand. */
const TRIED_BY_HAND = 'Restore a backup';
const RUNBOOK = commandBlocksOf('docs/operations.md').filter(({ heading }) => heading !== TRIED_BY_HAND);

/** Pastes the commands of docs/operations.md in order. They change the deployment, so few tests can follow. */
export function runbook(running: RunningDeployment): void {
  describe('docs/operations.md', () => {
    const tested = new Set<unknown>();
    let laptop: Laptop;

    beforeAll(async () => {
      laptop = await Laptop.start({
        running,
        mysql: findProgram(['mariadb', 'mysql']) ?? 'mysql',
        region: allFeatures.region,
      });
      const stack = join(running.deploymentFolder, 'terraform', allFeatures.name);
      await paste(`mkdir -p cdktf.out/stacks && ln -s ${stack} cdktf.out/stacks/${allFeatures.name}`);
    });
    afterAll(() => laptop.stop());

    /** Pastes a line that must succeed. */
    const paste = async (line: string, input = ''): Promise<string> => {
      const { code, stdout, stderr } = await laptop.paste(line, input);
      if (code !== 0) throw new Error(`${line} failed:\n${stderr}\n${stdout}`);
      return stdout;
    };

    /** Returns the block below a heading that contains a word, with its placeholders filled in. */
    const block = (heading: string, word: string, places: Readonly<Record<string, string>> = {}): string => {
      const [found, ...more] = RUNBOOK.filter((one) => one.heading === heading && one.lines.join('\n').includes(word));
      if (!found || more.length > 0) throw new Error(`Not exactly one block below ${heading} contains ${word}`);
      tested.add(found);
      const filled = { environment: allFeatures.name, region: allFeatures.region, ...places };
      return found.lines
        .join('\n')
        .replace(/<(\w+)>/g, (place, name: string) => (filled as Record<string, string>)[name] ?? place);
    };

    it('confirms a subscription to alarms', async () => {
      const { arn: topic } = running.one('aws_sns_topic', 'global-topic');
      const places = { topic, token: 'token', topicRegion: 'us-east-1' };
      expect(await paste(block('Alarms', 'confirm-subscription', places))).toContain('SubscriptionArn');
    });

    it('rotates a password', async () => {
      const { arn } = running.one('aws_secretsmanager_secret', 'timestamps');
      const before = await running.secret(arn);
      await running.allowRotationsEvery(0);
      await paste(block('Rotate a password', 'rotate-secret', { user: 'timestamps' }));
      expect(await running.secret(arn)).not.toBe(before);
      await running.serve();
    });

    it('removes the label of a rotation that is not complete', async () => {
      const secret = 'interrupted';
      const inRegion = `--region ${allFeatures.region}`;
      await paste(`aws secretsmanager create-secret --name ${secret} --secret-string text ${inRegion}`);
      const put = `put-secret-value --secret-id ${secret} --secret-string new --version-stages AWSPENDING`;
      const { VersionId: version = '' } = JSON.parse(await paste(`aws secretsmanager ${put} ${inRegion}`)) as {
        VersionId?: string;
      };
      const commands = block('A rotation that is not complete', 'AWSPENDING', { secret, version });
      expect(await paste(commands)).toContain('AWSPENDING');
      expect(await paste(commands.split('\n')[0] ?? '')).not.toContain('AWSPENDING');
    });

    it('lists the changes that wait for the maintenance window', async () => {
      const changes = await paste(block('Changes that wait for the maintenance window', 'PendingModifiedValues'));
      expect(JSON.parse(changes)).toEqual([]);
    });

    it.each([
      ['Without rotation', 'terraform', 'aws_lambda_invocation.bootstrap'],
      ['Update the client host', 'terraform', 'aws_instance.client_host'],
    ])(
      'replaces one resource: %s',
      async (heading, word, address) => {
        // Another test deploys with the CDKTF CLI.
        const lines = block(heading, word).replace(/^npx cdktf deploy .+\n/, '');
        expect(await paste(lines, 'yes\n')).toMatch(
          new RegExp(`${address}\\S+ will be \\S*replaced|${address}\\S+ must be`),
        );
      },
      3 * MINUTE_MS,
    );

    it('allows a person to log in', async () => {
      const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
      await paste(`aws iam create-role --role-name jane --assume-role-policy-document '${trust}'`);
      await paste(block('Add a user for a person', 'put-role-policy', { role: 'jane', user: 'analyst' }));
      const attached = 'aws iam get-role-policy --role-name jane --policy-name database --query PolicyDocument';
      expect(JSON.parse(await paste(attached))).toEqual(
        JSON.parse(outputsOf(running.deployment)['connect_policy_analyst'] ?? ''),
      );
    });

    it('lists the users that the deployment has dropped', async () => {
      expect(await paste(block('Remove a user', 'state show'))).toMatch(/\\"dropped\\":\[\]|dropped += \[\]/);
    });

    it('removes a migration from the record', async () => {
      await paste(outputsOf(running.deployment)['database_ca'] ?? '');
      const recorded = 'SELECT COUNT(*) AS migrations FROM app.deployment_migrations;';
      const logIn = outputsOf(running.deployment)['login_admin'] ?? '';
      const before = await paste(logIn, recorded);
      expect(await paste(logIn, `${block('Change a table', 'DELETE', { database: 'app' })}\n${recorded}`)).not.toBe(
        before,
      );
    });

    it('writes the hashes of the deployed code into the state', async () => {
      const inStack = `cd cdktf.out/stacks/${allFeatures.name} && terraform state`;
      const hashes = (): Promise<string> => paste(`${inStack} pull | grep -E '"(code_sha256|source_code_hash)"'`);
      const before = await hashes();
      // Changes only the hashes of functions, not that of the layer.
      const other = `sed -E '/"runtime":/,/"source_code_hash":/s/("source_code_hash": )"[^"]*"/\\1"AAAA"/; s/("serial": )[0-9]+/\\19999/'`;
      await paste(`${inStack} pull | ${other} | terraform state push -`);
      expect(await hashes()).not.toBe(before);
      await paste(block('Where an apply fails', 'state pull'));
      expect(await hashes()).toBe(before);
    });

    it('frees the name of a deleted secret', async () => {
      await paste('aws secretsmanager create-secret --name blocked --secret-string text --region eu-central-1');
      await paste('aws secretsmanager delete-secret --secret-id blocked --region eu-central-1');
      await paste(block('Where an apply fails', 'delete-secret', { secret: 'blocked' }));
      await paste('aws secretsmanager create-secret --name blocked --secret-string text --region eu-central-1');
    });

    it('has no other commands', () => {
      expect(RUNBOOK.filter((one) => !tested.has(one))).toEqual([]);
    });
  });
}
