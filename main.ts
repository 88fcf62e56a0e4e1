import { App } from 'cdktf';
import { dev } from './environments/dev';
import { prod } from './environments/prod';
import { bundledFunctions } from './modules/compute/bundle';
import { SettingsError } from './modules/settings/problem';
import { parseSettings, type Environment, type Settings } from './modules/settings/settings';
import { LoginMatrixStack } from './modules/stack';

const KIB = 1024;

/**
 * One stack for each environment.
 *
 * @param outdir where the Terraform configuration is written. @default - where the CDKTF CLI says, else `cdktf.out`
 * @throws SettingsError where settings cannot work, before any resource is made.
 */
export function createApp(environments: readonly Environment[], outdir?: string): App {
  const settings = parseAll(environments);
  const app = new App(outdir === undefined ? {} : { outdir });
  for (const environment of settings) new LoginMatrixStack(app, environment);
  return app;
}

/** Checks every environment before the first stack is made, and tells of all together. */
function parseAll(environments: readonly Environment[]): Settings[] {
  const errors: SettingsError[] = [];
  const parsed = environments.flatMap((environment) => {
    try {
      return [parseSettings(environment)];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      errors.push(error);
      return [];
    }
  });
  const [first, ...more] = errors;
  if (first) throw more.length > 0 ? new AggregateError(errors) : first;
  return parsed;
}

function synthesise(): void {
  withoutSourceMaps(() => createApp([dev, prod]).synth());
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

if (require.main === module) {
  try {
    synthesise();
  } catch (error) {
    const wrong = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    if (!wrong.every((one) => one instanceof SettingsError)) throw error;
    for (const { message } of wrong) console.error(message);
    process.exitCode = 1;
  }
}
