import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folder of the project. */
export const ROOT = join(__dirname, '..', '..');

/** Looks a program up in PATH, behind folders of our own. */
export function findProgram(name: string, ...first: readonly string[]): string | undefined {
  const folders = [...first, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** What the AWS SDKs, the provider and the CLI need to talk to a local AWS, and to nothing else. */
export function localAws(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
