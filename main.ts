import './scripts/node-version.cjs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App } from 'cdktf';
import { bundledFunctions } from './modules/compute/bundle';
import { refuse } from './modules/refusal';
import { parseEnvironments, warningsOf } from './modules/settings/environments';
import { SettingsError } from './modules/settings/problem';
import { EnvironmentFileError, readEnvironments } from './modules/settings/read-environments';
import type { Environment } from './modules/settings/settings';
import { LoginMatrixStack } from './modules/stack';

const KIB = 1024;

/**
 * One stack for each environment.
 *
 * @param outdir where the Terraform configuration is written. @default - where the CDKTF CLI says, else `cdktf.out`
 * @throws SettingsError, or AggregateError of several, where settings cannot work, before any resource is made.
 */
export function createApp(environments: readonly Environment[], outdir?: string): App {
  if (environments.length === 0) throw new EnvironmentFileError(noEnvironment());
  const all = parseEnvironments(environments);
  const warnings = warningsOf(all);
  const app = new App({ ...(outdir !== undefined && { outdir }), stackTraces: false });
  for (const settings of all) {
    const stack = new LoginMatrixStack(app, settings);
    for (const { environment, message } of warnings) {
      if (environment === settings.name) Annotations.of(stack).addWarning(message);
    }
  }
  return app;
}

function noEnvironment(): string {
  const files = readdirSync(join(__dirname, 'environments')).filter((file) => file !== 'index.ts');
  return `There is no environment to deploy. environments/index.ts lists them; the folder has ${files.join(', ')}.`;
}

function synthesise(): void {
  const environments = readEnvironments();
  withoutSourceMaps(() => createApp(environments).synth());
  for (const [route, { bytes, codeBytes }] of bundledFunctions()) {
    const [zipKib, codeKib] = [bytes, codeBytes].map((size) => Math.ceil(size / KIB));
    console.log(`functions/${route}: ${zipKib} KiB zipped, ${codeKib} KiB of code`);
  }
}

/**
 * Runs work without mapping stack traces back to TypeScript. cdktf records a stack trace for each token, and mapping them all took
 * a tenth of the synth. Node.js maps a thrown error's stack trace only when it is read, so errors still name TypeScript lines.
 */
function withoutSourceMaps(work: () => void): void {
  process.setSourceMapsEnabled(false);
  try {
    work();
  } finally {
    process.setSourceMapsEnabled(true);
  }
}

/** @throws the error itself where it is none that a person can correct in a setting or a file. */
function messagesOf(error: unknown): string[] {
  const wrong = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return wrong.map((one) => {
    if (one instanceof SettingsError || one instanceof EnvironmentFileError) return one.message;
    throw error;
  });
}

if (require.main === module) {
  try {
    synthesise();
  } catch (error) {
    refuse(messagesOf(error));
  }
}
