import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');

/** Search depth below each common root. */
const SEARCH_DEPTH = 2;
const COMMON_ROOTS = ['/opt', '/usr/local/share', '/usr/share', '/usr/local/lib', '/var/lib', '/srv'];

/**
 * Finds a filesystem mirror that has the AWS provider. Searches the folders that Terraform itself searches, then common roots and
 * the folders below them.
 */
export function findMirror(platform: string): string | undefined {
  const folders = [...impliedFolders(), ...COMMON_ROOTS.flatMap((root) => foldersBelow(root, SEARCH_DEPTH))];
  return folders.find((folder) => isMirror(folder, platform));
}

/** Whether a folder holds the AWS provider for a platform, as a zip or unpacked. */
export function isMirror(folder: string, platform: string): boolean {
  const provider = join(folder, PROVIDER);
  const packed = list(provider).some((name) => name.endsWith(`_${platform}.zip`));
  return packed || list(provider).some((version) => list(join(provider, version)).includes(platform));
}

/**
 * Returns the folders that Terraform searches by default.
 *
 * https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
function impliedFolders(): string[] {
  const { XDG_DATA_DIRS = '/usr/local/share:/usr/share', XDG_DATA_HOME } = process.env;
  return [
    join(process.cwd(), 'terraform.d', 'plugins'),
    join(homedir(), '.terraform.d', 'plugins'),
    join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'terraform', 'plugins'),
    join(homedir(), 'Library', 'Application Support', 'io.terraform', 'plugins'),
    ...XDG_DATA_DIRS.split(':').map((folder) => join(folder, 'terraform', 'plugins')),
  ];
}

function foldersBelow(root: string, depth: number): string[] {
  if (depth === 0) return [root];
  return [root, ...list(root).flatMap((name) => foldersBelow(join(root, name), depth - 1))];
}

/** Lists a folder; empty if it is not a readable folder. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
