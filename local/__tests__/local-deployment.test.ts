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
import { LocalDeployment } from '../local-deployment';

// Real Terraform, on a machine that may be busy.
jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'local-deployment-'));
let deployment: LocalDeployment;

/** A minimal stack of topics. Terraform fails half-way at a second log group with the same name. */
function stackOf(version: string, topics: readonly string[], groups: readonly string[] = []): string {
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { name }]));
  const failing = Object.fromEntries(groups.map((name) => [name, { name: 'the-same' }]));
  const stack = {
    terraform: { required_providers: { aws: { source: 'aws', version: '>= 5.100.0' } } },
    provider: { aws: [{ region: 'eu-central-1' }] },
    resource: {
      ...(topics.length > 0 && { aws_sns_topic: named(topics) }),
      ...(groups.length > 0 && { aws_cloudwatch_log_group: failing }),
    },
  };
  const path = join(folder, version, 'test');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'cdk.tf.json'), JSON.stringify(stack));
  return path;
}

const start = async (stack: string): Promise<void> => {
  deployment = await LocalDeployment.start({ stack, folder: join(folder, 'kept'), progress: () => undefined });
};

/** Names of the applied resources, as the services see them. */
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
  const first = stackOf('first', ['one']);

  beforeAll(async () => {
    await start(first);
    await deployment.apply();
    await deployment.serve();
  });

  it('has a folder, with moto’s socket in it, that only its owner can use', () => {
    expect(statSync(join(folder, 'kept', 'moto')).isSocket()).toBe(true);
    expect(statSync(join(folder, 'kept')).mode & 0o777).toBe(0o700);
  });

  it('keeps the applied part of a failed change, and repairs it at the next start', async () => {
    deployment.change(stackOf('failing', ['one', 'two'], ['a', 'b']));
    await expect(deployment.apply()).rejects.toThrow(/ResourceAlreadyExists/);
    expect(topics()).toEqual(['one', 'two']);
    // The next apply makes a new plan: Terraform refuses one that it has applied.
    await expect(deployment.apply()).rejects.toThrow(/ResourceAlreadyExists/);
    // The completely applied stack has the same files but is no longer the deployed state.
    deployment.change(first);
    expect(deployment.isApplied).toBe(false);
    await deployment.stop();

    await start(first);
    expect([deployment.wasApplied, deployment.isApplied, topics()]).toEqual([true, false, ['one', 'two']]);
    // An apply also repairs a database or a function that cannot be served as it was applied before.
    jest.spyOn(deployment.aws, 'resume').mockRejectedValueOnce(new Error('the pool of the proxy is invalid'));
    await deployment.apply();
    await deployment.serve();
    expect([deployment.isApplied, topics()]).toEqual([true, ['one']]);
  });

  it('never leaves an incomplete file of what was applied', async () => {
    const file = join(folder, 'kept', 'applied.json');
    const before = readFileSync(file, 'utf8');
    const open = openSync(file, 'r');
    deployment.change(stackOf('third', ['one', 'three']));
    await deployment.apply();
    expect(readFileSync(open, 'utf8')).toBe(before);
    expect(readFileSync(file, 'utf8')).toContain('three');
    closeSync(open);
  });
});

describe('a deployment of a stack that does not exist', () => {
  it('fails and leaves no server running', async () => {
    const own = join(folder, 'own');
    const options = { stack: join(folder, 'missing'), folder: own, progress: () => undefined };
    await expect(LocalDeployment.start(options)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(join(own, 'database', 'data'))).toBe(true);
    expect(existsSync(join(own, 'database', 's'))).toBe(false);
  });
});
