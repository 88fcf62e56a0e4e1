import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProviderSource, type ProviderSource } from '../../terraform/cli-configuration';

/** An invented platform, so that the tests never find a real provider mirror on this machine. */
const PLATFORM = 'plan9_test';

let folder: string;
let mirror: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provider-source-'));
  mirror = join(folder, 'terraform', 'plugins');
  mkdirSync(join(mirror, 'registry.terraform.io', 'hashicorp', 'aws', '5.100.0', PLATFORM), { recursive: true });
  // Each test changes only a copy of the environment variables.
  jest.replaceProperty(process, 'env', { ...process.env });
  delete process.env['TF_PROVIDER_MIRROR'];
  // Without these two lines, ~/.terraformrc of this machine and the provider cache of this project would apply.
  writeOwnConfiguration('');
  process.env['TF_PLUGIN_CACHE_DIR'] = join(folder, 'cache');
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Finds the source of the provider, with a registry that answers or not. */
function findSource({ registryAnswers }: { registryAnswers: boolean }): Promise<ProviderSource> {
  const answer = registryAnswers ? Promise.resolve(new Response()) : Promise.reject(new Error('no internet'));
  jest.spyOn(globalThis, 'fetch').mockReturnValue(answer);
  return findProviderSource(PLATFORM, folder);
}

/** Writes the user's own CLI configuration. @returns its path */
function writeOwnConfiguration(content: string): string {
  const path = join(folder, 'own.rc');
  writeFileSync(path, content);
  process.env['TF_CLI_CONFIG_FILE'] = path;
  return path;
}

describe('the AWS provider', () => {
  it('comes from the mirror that the user names, even if the registry answers', async () => {
    process.env['TF_PROVIDER_MIRROR'] = mirror;
    const { description, environment } = await findSource({ registryAnswers: true });
    expect(description).toBe(`the mirror ${mirror}`);
    expect(readFileSync(environment['TF_CLI_CONFIG_FILE'] ?? '', 'utf8')).toContain(`path = "${mirror}"`);
  });

  it('comes from the source that the user’s own CLI configuration names, if it names one', async () => {
    const ownFile = writeOwnConfiguration('provider_installation {\n}\n');
    expect(await findSource({ registryAnswers: true })).toEqual({
      description: `the source in ${ownFile}`,
      environment: { TF_CLI_CONFIG_FILE: ownFile },
    });
  });

  it('comes from the registry if the user’s own CLI configuration names no source; the configuration still applies', async () => {
    const ownFile = writeOwnConfiguration('# provider_installation\nplugin_cache_dir = "/cache"\n');
    expect(await findSource({ registryAnswers: true })).toEqual({
      description: 'the Terraform registry',
      environment: {
        TF_CLI_CONFIG_FILE: ownFile,
        TF_PLUGIN_CACHE_DIR: join(folder, 'cache'),
        TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1',
      },
    });
  });

  it('comes from a mirror below XDG_DATA_HOME, where Terraform also searches, if the registry does not answer', async () => {
    process.env['XDG_DATA_HOME'] = folder;
    expect((await findSource({ registryAnswers: false })).description).toBe(`the mirror ${mirror}`);
  });

  it('is reported as missing if no source has it; the error names the remedy', async () => {
    await expect(findSource({ registryAnswers: false })).rejects.toThrow(
      /^Neither the Terraform registry .* nor a mirror with the AWS provider for plan9_test is reachable\. .* set TF_PROVIDER_MIRROR to it\.$/,
    );
  });

  it('is reported as missing if the mirror that the user names does not have it', async () => {
    process.env['TF_PROVIDER_MIRROR'] = folder;
    await expect(findSource({ registryAnswers: true })).rejects.toThrow(
      `TF_PROVIDER_MIRROR must name a folder that holds registry.terraform.io/hashicorp/aws for plan9_test, got ${folder}.`,
    );
  });
});
