import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { Applied, findTerraform, type TerraformState } from '../../../local';
import { findProviderSource, LocalAws, localEnvironment, readStateFile } from '../../../local/__tests__/support';
import { production, noFeatures } from '../../support/stack';

const MINUTE_MS = 60_000;
const ROOT = join(__dirname, '..', '..', '..');

const run = promisify(execFile);

let aws: LocalAws;
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cdktf-'));
  aws = await LocalAws.start({ folder: join(folder, 'aws'), resume: false });
  aws.follow(async () => new Applied(await state()));
  const { platform } = await findTerraform();
  const provider = await findProviderSource({ platform, folder });
  environment = { ...localEnvironment(aws.url), ...provider.environment, CI: 'true' };
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const app = `${tsx} ${join(__dirname, 'app.ts')}`;
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app, projectId: 'test' }));
}, MINUTE_MS);

afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

/**
 * Runs a command of the CDKTF CLI. Without a registry no provider can be locked.
 *
 * @throws Error with the output, because the CLI prints Terraform's reason there.
 */
async function cdktf(...words: string[]): Promise<string> {
  const program = join(ROOT, 'node_modules', '.bin', 'cdktf');
  try {
    const { stdout } = await run(program, [...words, '--skip-provider-lock'], { cwd: folder, env: environment });
    return stripVTControlCharacters(stdout);
  } catch (error) {
    const { message, stdout = '' } = error as Error & { stdout?: string };
    throw new Error(`${message}\n${stripVTControlCharacters(stdout)}`, { cause: error });
  }
}

/** Returns the resources in the state. If the file is incomplete while Terraform runs, returns the previous ones. */
let latest: TerraformState = {};
async function state(): Promise<TerraformState> {
  const text = await readFile(join(folder, `terraform.${noFeatures.name}.tfstate`), 'utf8').catch(() => '');
  latest = readStateFile(text) ?? latest;
  return latest;
}

describe('cdktf', () => {
  it(
    'deploys an environment and creates its database users',
    async () => {
      expect(await cdktf('deploy', noFeatures.name, '--auto-approve')).toContain('database_endpoint');
      const [invocation] = new Applied(await state()).all<{ result: string }>('aws_lambda_invocation');
      expect(JSON.parse(invocation?.result ?? '')).toEqual({
        database: 'app',
        migrations: { applied: ['0001-timestamps', '0002-items'], unknown: [] },
        users: [],
      });
    },
    8 * MINUTE_MS,
  );

  it(
    'keeps the state in S3 if the settings say so, with a lock file',
    async () => {
      const bucket = { url: aws.url, path: '/acme-terraform-state' };
      const made = await fetch(bucket.url + bucket.path, {
        method: 'PUT',
        headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/s3/aws4_request' },
        body: '<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>',
      });
      expect(made.status).toBe(200);
      expect(await cdktf('diff', production.name)).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    },
    3 * MINUTE_MS,
  );

  it(
    'destroys the deployment',
    async () => {
      await cdktf('destroy', noFeatures.name, '--auto-approve');
      expect(new Applied(await state()).types).toEqual([]);
    },
    8 * MINUTE_MS,
  );
});
