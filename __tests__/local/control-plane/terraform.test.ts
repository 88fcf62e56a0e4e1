import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Terraform } from '../../../local/control-plane/terraform';

/** A Terraform whose state is read at the worst times: emptied, then half written, then whole. */
const PROGRAM = `#!/bin/sh
case "$1" in
  version) echo '{"terraform_version":"1.11.4","platform":"linux_amd64"}' ;;
  show)
    echo x >> readings
    case $(wc -l < readings) in
      1) echo '{"format_version":"1.0"}' ;;
      2) echo 'Error: unexpected end of JSON input' >&2; exit 1 ;;
      *) echo '{"values":{"root_module":{"resources":[]}}}' ;;
    esac ;;
esac
`;

let folder: string;
const { PATH, TF_PROVIDER_MIRROR } = process.env;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  const provider = join(folder, 'mirror', 'registry.terraform.io', 'hashicorp', 'aws', '5.100.0', 'linux_amd64');
  for (const path of [provider, join(folder, 'bin'), join(folder, 'stack')]) mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'bin', 'terraform'), PROGRAM);
  chmodSync(join(folder, 'bin', 'terraform'), 0o755);
  process.env['PATH'] = `${join(folder, 'bin')}:${PATH ?? ''}`;
  process.env['TF_PROVIDER_MIRROR'] = join(folder, 'mirror');
});

afterAll(() => {
  process.env['PATH'] = PATH;
  if (TF_PROVIDER_MIRROR === undefined) delete process.env['TF_PROVIDER_MIRROR'];
  else process.env['TF_PROVIDER_MIRROR'] = TF_PROVIDER_MIRROR;
  rmSync(folder, { recursive: true });
});

describe('a state that Terraform is writing', () => {
  const whole = { values: { root_module: { resources: [] } } };
  let terraform: Terraform;
  let run: string;

  beforeAll(async () => {
    run = join(folder, 'run', 'stack');
    const options = { stack: join(folder, 'stack'), folder: join(folder, 'run') };
    terraform = await Terraform.open({ ...options, endpoint: 'http://127.0.0.1:9' });
    writeFileSync(join(run, 'terraform.tfstate'), '{}');
  });

  const readings = (): number => readFileSync(join(run, 'readings'), 'utf8').trim().split('\n').length;

  it('is read until it is whole', async () => {
    expect(await terraform.showMeanwhile()).toEqual(whole);
    expect(readings()).toBe(3);
  });

  it('is read again only after it was written again', async () => {
    expect(await terraform.showMeanwhile()).toEqual(whole);
    expect(readings()).toBe(3);
    writeFileSync(join(run, 'terraform.tfstate'), '{}');
    expect(await terraform.showMeanwhile()).toEqual(whole);
    expect(readings()).toBe(4);
  });
});
