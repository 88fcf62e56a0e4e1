import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify, stripVTControlCharacters } from 'node:util';
import { Applied, findTerraform, type TerraformState } from '../../../local';
import { findProviderSource, LocalAws, localEnvironment, parseStateFile } from '../../../local/__tests__/support';
import { noFeatures, production } from '../../support/stack';

// A deployment takes minutes on a busy machine.
jest.setTimeout(8 * 60_000);

const ROOT = join(__dirname, '..', '..', '..');
/** Saves time after the first test, whose deploy synthesises every stack of the app. */
const ALREADY_SYNTHESISED = '--skip-synth';

let aws: LocalAws;
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cdktf-'));
  aws = await LocalAws.start({ folder: join(folder, 'aws'), resume: false });
  aws.follow(async () => new Applied(await stateOfDeployment()));
  const { platform } = await findTerraform();
  const provider = await findProviderSource(platform, folder);
  environment = { ...localEnvironment(aws.url), ...provider.environment, CI: 'true' };
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const app = `${tsx} ${join(__dirname, 'cdktf-app.ts')}`;
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app, projectId: 'test' }));
});

afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

/**
 * Runs a command of the CDKTF CLI, without `terraform providers lock`, which needs a registry.
 *
 * @throws Error with the output, because the CLI prints Terraform's reason there.
 */
async function cdktf(...words: string[]): Promise<string> {
  const program = join(ROOT, 'node_modules', '.bin', 'cdktf');
  const options = { cwd: folder, env: environment };
  try {
    const { stdout } = await promisify(execFile)(program, [...words, '--skip-provider-lock'], options);
    return stripVTControlCharacters(stdout);
  } catch (error) {
    const { message, stdout = '' } = error as Error & { stdout?: string };
    throw new Error(`${message}\n${stripVTControlCharacters(stdout)}`, { cause: error });
  }
}

/** Returns the state of the deployment. Terraform empties the file before it writes the state, so this waits for a complete file. */
async function stateOfDeployment(): Promise<TerraformState> {
  const file = join(folder, `terraform.${noFeatures.name}.tfstate`);
  if (!existsSync(file)) return {};
  for (;;) {
    const state = parseStateFile(await readFile(file, 'utf8'));
    if (state) return state;
    await sleep(100);
  }
}

describe('the CDKTF CLI', () => {
  it('deploys an environment and creates its database tables', async () => {
    expect(await cdktf('deploy', noFeatures.name, '--auto-approve')).toContain('database_endpoint');
    const [invocation] = new Applied(await stateOfDeployment()).all<{ result: string }>('aws_lambda_invocation');
    expect(JSON.parse(invocation?.result ?? '')).toEqual({
      database: 'app',
      migrations: { applied: ['0001-timestamps', '0002-items'], unknown: [] },
      users: [],
    });
  });

  it('plans an environment whose state is in S3', async () => {
    const creation = await fetch(`${aws.url}/acme-terraform-state`, {
      method: 'PUT',
      // Names the service and the region. The local AWS does not check the signature.
      headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/s3/aws4_request' },
      body: '<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>',
    });
    expect(creation.status).toBe(200);
    expect(await cdktf('diff', production.name, ALREADY_SYNTHESISED)).toMatch(
      /Plan: \d+ to add, 0 to change, 0 to destroy/,
    );
  });

  it('destroys every resource of the environment', async () => {
    await cdktf('destroy', noFeatures.name, '--auto-approve', ALREADY_SYNTHESISED);
    expect(new Applied(await stateOfDeployment()).types).toEqual([]);
  });
});
