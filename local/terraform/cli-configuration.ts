import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { findMirror, isMirror } from './provider-mirror';

/** Environment variable that names a filesystem mirror of Terraform providers. */
const MIRROR_SETTING = 'TF_PROVIDER_MIRROR';

const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';
const REGISTRY_TIMEOUT_MS = 3_000;

/** Cache for providers from the registry, unless `TF_PLUGIN_CACHE_DIR` names another folder. */
const PLUGIN_CACHE = join(__dirname, '..', '..', '.tools', 'terraform-plugins');

/** The source of the AWS provider. */
export interface ProviderSource {
  /** Text for the progress output. */
  readonly description: string;
  /** Environment variables for Terraform. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Chooses the first usable source of the AWS provider: the mirror that the user names, a source in the user's CLI configuration, the
 * registry, or a mirror found on this machine.
 *
 * @param platform for example `linux_amd64`
 * @param folder folder for a CLI configuration, if one is needed
 * @throws Error with the remedy, if no source is usable or the named mirror lacks the provider.
 */
export async function findProviderSource(platform: string, folder: string): Promise<ProviderSource> {
  const named = namedMirror(platform);
  if (named !== undefined) return mirrorSource(named, folder);

  const configuration = userConfiguration();
  if (configuration !== undefined && /^\s*provider_installation\b/m.test(readFileSync(configuration, 'utf8'))) {
    return { description: `the source in ${configuration}`, environment: { TF_CLI_CONFIG_FILE: configuration } };
  }
  if (await registryAnswers()) return registrySource(configuration);

  const found = findMirror(platform);
  if (found !== undefined) return mirrorSource(found, folder);
  throw new Error(
    `Neither the Terraform registry (${REGISTRY}) nor a mirror with the AWS provider for ${platform} is reachable. ` +
      `On a machine with internet run \`terraform providers mirror -platform=${platform} <folder>\` in a synthesised stack, ` +
      `copy the folder here and set ${MIRROR_SETTING} to it.`,
  );
}

function namedMirror(platform: string): string | undefined {
  const named = process.env[MIRROR_SETTING];
  if (named === undefined || named === '') return undefined;
  const folder = resolve(named);
  if (isMirror(folder, platform)) return folder;
  throw new Error(
    `${MIRROR_SETTING} must name a folder that holds registry.terraform.io/hashicorp/aws for ${platform}, got ${folder}. ` +
      'Make one with `terraform providers mirror`, or remove the setting.',
  );
}

function mirrorSource(mirror: string, folder: string): ProviderSource {
  const file = join(folder, 'terraform.rc');
  const path = JSON.stringify(mirror);
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
  return { description: `the mirror ${mirror}`, environment: { TF_CLI_CONFIG_FILE: file } };
}

function registrySource(configuration: string | undefined): ProviderSource {
  const cache = process.env['TF_PLUGIN_CACHE_DIR'] ?? PLUGIN_CACHE;
  mkdirSync(cache, { recursive: true });
  return {
    description: 'the Terraform registry',
    environment: {
      ...(configuration !== undefined && { TF_CLI_CONFIG_FILE: configuration }),
      TF_PLUGIN_CACHE_DIR: cache,
      // Otherwise Terraform downloads the provider again in each folder without a lock file, such as a new temporary folder.
      TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1',
    },
  };
}

/** Path of the user's CLI configuration, if any. */
function userConfiguration(): string | undefined {
  const named = process.env['TF_CLI_CONFIG_FILE'];
  const standard = join(homedir(), '.terraformrc');
  return [named, standard].find((file) => file !== undefined && file !== '' && existsSync(file));
}

async function registryAnswers(): Promise<boolean> {
  try {
    return (await fetch(REGISTRY, { signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}
