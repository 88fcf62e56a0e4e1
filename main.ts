import './scripts/node-version.cjs';
// This import starts esbuild. It stands here, so that esbuild bundles the functions while the next imports load CDKTF.
import { bundling } from './modules/compute/bundling';
import { createApp } from './modules/app';
import { bundledFunctions } from './modules/compute/bundle';
import { refuse } from './modules/refusal';
import { SettingsError } from './modules/settings/problem';
import { requestedStacks } from './modules/requested-stacks';
import { readEnvironments, refuseUnknownNames } from './read-environments';

const KIB = 1024;

/** Synthesises one stack for each environment. */
async function synthesise(): Promise<void> {
  const environments = readEnvironments();
  refuseUnknownNames(requestedStacks(), environments);
  await bundling;
  withoutSourceMaps(() => createApp(environments).synth());
  for (const [folder, { bytes, codeBytes }] of bundledFunctions) {
    const [zipKib, codeKib] = [bytes, codeBytes].map((size) => Math.ceil(size / KIB));
    console.log(`functions/${folder}: ${zipKib} KiB zipped, ${codeKib} KiB of code`);
  }
}

/**
 * Runs work without mapping stack traces to TypeScript. CDKTF records a stack trace for each token, and mapping these traces would take
 * a tenth of the synth time. Node.js maps the stack trace of a thrown error when the trace is first read. That happens after the work,
 * when mapping is on again, so errors still name TypeScript lines.
 */
function withoutSourceMaps(work: () => void): void {
  process.setSourceMapsEnabled(false);
  try {
    work();
  } finally {
    process.setSourceMapsEnabled(true);
  }
}

synthesise().catch((error: unknown) => {
  if (!(error instanceof SettingsError)) throw error;
  refuse(error.message);
});
