import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, TerraformStack } from 'cdktf';

interface Manifest {
  readonly stacks: Readonly<Record<string, object>>;
}

/** Whether the CDKTF CLI runs this program. The CLI prints the output of a failing program twice. */
export const isRunByCli = (): boolean => process.env['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS'] === 'true';

/**
 * Reports mistakes, once. Under the CDKTF CLI they become an error of a stack without resources: each command of the CLI prints it
 * and fails before it makes a plan.
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
  // The CLI deletes folders of stacks that are not in the manifest, including the installed providers.
  const file = join(app.outdir, 'manifest.json');
  const before = existsSync(file) ? readManifest(file).stacks : {};
  app.synth();
  const after = readManifest(file);
  writeFileSync(file, JSON.stringify({ ...after, stacks: { ...before, ...after.stacks } }, null, 2));
}

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;
