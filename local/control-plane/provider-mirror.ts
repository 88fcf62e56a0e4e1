import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names the folder of a mirror, in the layout of `terraform providers mirror`. */
export const MIRROR_VARIABLE = 'TF_PROVIDER_MIRROR';

const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');
const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';
const REGISTRY_TIMEOUT_MS = 3_000;

/** How deep below a common root a mirror is looked for. */
const SEARCH_DEPTH = 2;
const COMMON_ROOTS = ['/opt', '/usr/local/share', '/usr/share', '/usr/local/lib', '/var/lib', '/srv'];

/** Where Terraform itself looks: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories */
function impliedFolders(): string[] {
  const dataFolders = (process.env['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(':');
  return [
    'terraform.d/plugins',
    join(homedir(), '.terraform.d', 'plugins'),
    join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'terraform', 'plugins'),
    ...dataFolders.map((folder) => join(folder, 'terraform', 'plugins')),
  ];
}

/**
 * The folder that Terraform should take the provider from, or `undefined` where it can ask the registry.
 *
 * @throws Error that tells what to do where there is neither.
 */
export async function findMirror(registryAnswers = askRegistry): Promise<string | undefined> {
  const named = process.env[MIRROR_VARIABLE];
  if (named !== undefined) {
    if (holdsProvider(named)) return named;
    throw new Error(
      `${MIRROR_VARIABLE} names ${named}, which holds no ${PROVIDER}. Correct it, or unset it to use the registry.`,
    );
  }
  if (await registryAnswers()) return undefined;
  const found = [...impliedFolders(), ...COMMON_ROOTS.flatMap((root) => foldersBelow(root, SEARCH_DEPTH))].find(
    holdsProvider,
  );
  if (found !== undefined) return found;
  throw new Error(
    `The Terraform registry does not answer, and no mirror of the AWS provider was found. Run "terraform providers mirror FOLDER" where there is a network, and set ${MIRROR_VARIABLE} to the folder.`,
  );
}

const askRegistry = (): Promise<boolean> =>
  fetch(REGISTRY, { signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );

const holdsProvider = (folder: string): boolean => list(join(folder, PROVIDER)).length > 0;

function foldersBelow(root: string, depth: number): string[] {
  if (depth === 0) return [root];
  return [root, ...list(root).flatMap((name) => foldersBelow(join(root, name), depth - 1))];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
