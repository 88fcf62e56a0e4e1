import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalDeployment } from '../local-deployment';

// Real Terraform, on a machine that may be busy.
jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'local-deployment-'));
let deployment: LocalDeployment;

/** A stack of topics, as small as it gets. A second log group of one name is refused while Terraform applies. */
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

/** Names of what is applied, as what is served has it. */
const topics = (): string[] =>
  deployment.applied
    .all<{ name: string }>('aws_sns_topic')
    .map(({ name }) => name)
    .sort();

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true });
});

describe('a deployment that is changed while it serves', () => {
  const first = stackOf('first', ['one']);

  beforeAll(async () => {
    await start(first);
    await deployment.apply();
    await deployment.serve();
  });

  it('keeps what a change has done that fails half-way, and repairs it with the next start', async () => {
    deployment.change(stackOf('failing', ['one', 'two'], ['a', 'b']));
    await expect(deployment.apply()).rejects.toThrow(/ResourceAlreadyExists/);
    expect(topics()).toEqual(['one', 'two']);
    // The stack that was applied to its end is not what is in force, though its files are the same.
    deployment.change(first);
    expect(deployment.isApplied).toBe(false);
    await deployment.stop();

    await start(first);
    expect([deployment.wasApplied, deployment.isApplied, topics()]).toEqual([true, false, ['one', 'two']]);
    await deployment.apply();
    await deployment.serve();
    expect([deployment.isApplied, topics()]).toEqual([true, ['one']]);
  });
});
