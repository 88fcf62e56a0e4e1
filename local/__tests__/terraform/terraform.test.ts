import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Terraform } from '../../terraform/terraform';
import { resourcesOf } from '../../terraform/terraform-json';

/** Replaces Terraform. `show` prints a state without resources and writes the file `shown`. */
const PROGRAM = `#!/bin/sh
case "$1" in
  version) echo '{"terraform_version":"1.11.4","platform":"linux_amd64"}' ;;
  show) : > shown; echo '{"format_version":"1.0"}' ;;
esac
`;

let folder: string;
const { env } = process;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  const provider = join(folder, 'mirror', 'registry.terraform.io', 'hashicorp', 'aws', '5.100.0', 'linux_amd64');
  for (const path of [provider, join(folder, 'bin'), join(folder, 'stack')]) mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'bin', 'terraform'), PROGRAM, { mode: 0o755 });
  const PATH = `${join(folder, 'bin')}:${env['PATH'] ?? ''}`;
  process.env = { ...env, PATH, TF_PROVIDER_MIRROR: join(folder, 'mirror') };
});

afterAll(() => {
  process.env = env;
  rmSync(folder, { recursive: true });
});

describe('a state that Terraform is writing', () => {
  /** Returns a complete state with one VPC. */
  const stateWith = (id: string): string =>
    JSON.stringify({
      version: 4,
      resources: [{ mode: 'managed', type: 'aws_vpc', name: 'one', instances: [{ attributes: { id } }] }],
    });
  let terraform: Terraform;
  let file: string;

  beforeAll(async () => {
    const options = { stack: join(folder, 'stack'), folder: join(folder, 'run') };
    terraform = await Terraform.open({ ...options, endpoint: 'http://127.0.0.1:9' });
    file = join(folder, 'run', 'stack', 'terraform.tfstate');
  });

  it('is empty before the first write, and Terraform is not started to read it', async () => {
    expect((await terraform.showWhileApplying()).values).toBeUndefined();
    expect(existsSync(join(folder, 'run', 'stack', 'shown'))).toBe(false);
  });

  it.each([
    { condition: 'empty', id: 'vpc-1', writtenShare: 0 },
    { condition: 'half written', id: 'vpc-2', writtenShare: 0.5 },
  ])('is read again until it is complete, if the file is $condition at first', async ({ id, writtenShare }) => {
    const completeState = stateWith(id);
    writeFileSync(file, completeState.slice(0, completeState.length * writtenShare));
    const reading = terraform.showWhileApplying();
    await sleep(100);
    writeFileSync(file, completeState);
    expect(resourcesOf(await reading)).toMatchObject([{ address: 'aws_vpc.one', values: { id } }]);
  });

  it.each([
    { condition: 'stays empty', id: 'vpc-3', change: () => writeFileSync(file, '') },
    { condition: 'is gone', id: 'vpc-4', change: () => rmSync(file) },
  ])('is reported as the last complete state if the file $condition', async ({ id, change }) => {
    writeFileSync(file, stateWith(id));
    await terraform.showWhileApplying();
    change();
    expect(resourcesOf(await terraform.showWhileApplying())).toMatchObject([{ values: { id } }]);
  });
});
