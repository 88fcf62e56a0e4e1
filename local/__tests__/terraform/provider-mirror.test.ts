import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMirror } from '../../terraform/provider-mirror';

let folder: string;
let provider: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-'));
  provider = join(folder, 'registry.terraform.io', 'hashicorp', 'aws');
  mkdirSync(provider, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a filesystem mirror', () => {
  it('has the AWS provider for the platform, as a zip or unpacked', () => {
    expect(isMirror(folder, 'linux_amd64')).toBe(false);
    writeFileSync(join(provider, 'terraform-provider-aws_5.100.0_linux_amd64.zip'), '');
    mkdirSync(join(provider, '5.100.0', 'darwin_arm64'), { recursive: true });
    expect(['linux_amd64', 'darwin_arm64', 'linux_arm64'].map((platform) => isMirror(folder, platform))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('must be a folder that exists', () => {
    expect(isMirror(join(folder, 'none'), 'linux_amd64')).toBe(false);
  });
});
