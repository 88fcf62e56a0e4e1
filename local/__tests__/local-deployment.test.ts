import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketIn } from '../database/server-options';
import { LocalDeployment, readDeployed } from '../local-deployment';

// Terraform takes long on a busy machine.
jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'local-deployment-'));
let deployment: LocalDeployment;

/** Writes a stack of topics and log groups. All log groups have the same name, so Terraform fails at the second one. */
function writeStack(version: string, topics: readonly string[], logGroups: readonly string[] = []): string {
  const stack = {
    terraform: { required_providers: { aws: { source: 'aws', version: '>= 5.100.0' } } },
    provider: { aws: [{ region: 'eu-central-1' }] },
    resource: {
      aws_sns_topic: Object.fromEntries(topics.map((name) => [name, { name }])),
      ...(logGroups.length > 0 && {
        aws_cloudwatch_log_group: Object.fromEntries(logGroups.map((id) => [id, { name: 'the-same' }])),
      }),
    },
  };
  const path = join(folder, version, 'test');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'cdk.tf.json'), JSON.stringify(stack));
  return path;
}

const start = async (stack: string | Promise<string>): Promise<void> => {
  deployment = await LocalDeployment.start({ stack, folder: join(folder, 'kept'), progress: () => undefined });
};

/** Names of the applied topics. */
const topics = (): string[] =>
  deployment.applied
    .all<{ name: string }>('aws_sns_topic')
    .map(({ name }) => name)
    .sort();

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true });
});

describe('a deployment that changes while it serves', () => {
  const first = writeStack('first', ['one']);

  beforeAll(async () => {
    await start(first);
    await deployment.apply();
    await deployment.serve();
  });

  it('keeps moto’s socket in a folder that only its owner can use', () => {
    expect(statSync(join(folder, 'kept', 'moto')).isSocket()).toBe(true);
    expect(statSync(join(folder, 'kept')).mode & 0o777).toBe(0o700);
  });

  it('keeps the applied part of a failed change, also across a restart, until the next successful apply', async () => {
    deployment.change(writeStack('failing', ['one', 'two'], ['a', 'b']));
    await expect(deployment.apply()).rejects.toThrow(/ResourceAlreadyExists/);
    expect(topics()).toEqual(['one', 'two']);
    // This apply makes a new plan: Terraform refuses a plan that it has already applied.
    await expect(deployment.apply()).rejects.toThrow(/ResourceAlreadyExists/);
    // The stack has the same files as when it was applied, but the state has changed since.
    deployment.change(first);
    expect(deployment.isApplied).toBe(false);
    await deployment.stop();

    // If the synth fails, `start` stops the local AWS that it resumed, so that the next `start` can use the folder.
    const failedSynth = Promise.reject(new Error('A setting is wrong'));
    await expect(start(failedSynth)).rejects.toThrow('A setting is wrong');

    await start(first);
    expect([deployment.wasEverApplied, deployment.isApplied, topics()]).toEqual([true, false, ['one', 'two']]);
    const keptStack = { folder: join(folder, 'kept'), stack: first };
    expect(readDeployed(keptStack)).toMatchObject({ isComplete: false });
    // After a restart, `apply` first serves what was applied before, and continues even if that fails.
    jest.spyOn(deployment.aws, 'update').mockRejectedValueOnce(new Error('the pool of the proxy is invalid'));
    await deployment.apply();
    await deployment.serve();
    expect([deployment.isApplied, topics()]).toEqual([true, ['one']]);
    expect(readDeployed(keptStack)).toEqual({ isComplete: true, state: deployment.state });
  });

  it('replaces the file of applied resources as a whole, so a reader never finds only a part of it', async () => {
    const file = join(folder, 'kept', 'applied.json');
    const before = readFileSync(file, 'utf8');
    const oldFile = openSync(file, 'r');
    deployment.change(writeStack('third', ['one', 'three']));
    await deployment.apply();
    expect(readFileSync(oldFile, 'utf8')).toBe(before);
    expect(readFileSync(file, 'utf8')).toContain('three');
    closeSync(oldFile);
  });
});

describe('a deployment of a stack that does not exist', () => {
  it('fails and leaves no database server running', async () => {
    const kept = join(folder, 'failed-start');
    const options = { stack: join(folder, 'missing'), folder: kept, progress: () => undefined };
    await expect(LocalDeployment.start(options)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(join(kept, 'database', 'data'))).toBe(true);
    expect(existsSync(socketIn(join(kept, 'database')))).toBe(false);
  });
});
