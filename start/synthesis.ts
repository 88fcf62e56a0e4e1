import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..');

/** Files and folders from which the stacks are synthesised, apart from npm packages. */
export const SOURCES = {
  root: ROOT,
  names: ['environments', 'modules', 'functions', 'contract', 'certs', 'main.ts', 'read-environments.ts'],
} as const;

/**
 * Synthesises every environment, as `cdktf synth` does.
 *
 * @param folder output folder, instead of `cdktf.out`; emptied first
 * @param signal aborts the synthesis; the promise then rejects with the signal's reason
 * @returns the stacks' folders, by environment
 * @throws Error with the error output of the synth if it fails, for example for invalid settings.
 */
export async function synthesise(folder: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  try {
    const options = { cwd: ROOT, env: { ...process.env, CDKTF_OUTDIR: folder }, ...(signal && { signal }) };
    await promisify(execFile)(tsx, ['main.ts'], options);
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr?.trim() || String(error), { cause: error });
  }
  const stacks = join(folder, 'stacks');
  return new Map(readdirSync(stacks).map((name) => [name, join(stacks, name)]));
}
