import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, TerraformStack } from 'cdktf';

interface Manifest {
  readonly stacks: Readonly<Record<string, object>>;
}

/** Returns whether the CDKTF CLI runs this program: the CLI sets this variable. */
export const isRunByCli = (): boolean => process.env['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS'] === 'true';

/**
 * Reports mistakes in the input and lets the synth fail. The CDKTF CLI prints the output of a failing program twice. Under the CLI, this
 * function therefore adds the message as an error to an empty stack: each command prints the message once and fails before it plans.
 */
export function refuse(message: string): void {
  if (!isRunByCli()) {
    console.error(message);
    process.exitCode = 1;
    return;
  }
  const app = new App({ stackTraces: false });
  const stack = new TerraformStack(app, 'refused');
  Annotations.of(stack).addError(message);
  // If the manifest did not list the earlier stacks, the CLI would delete their folders, including the installed providers.
  const file = join(app.outdir, 'manifest.json');
  const before = existsSync(file) ? readManifest(file).stacks : {};
  app.synth();
  const after = readManifest(file);
  writeFileSync(file, JSON.stringify({ ...after, stacks: { ...before, ...after.stacks } }, null, 2));
}

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;
