import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App } from 'cdktf';
import { parseEnvironments, warningsOf } from './settings/environments';
import { EnvironmentFileError } from './settings/read-environments';
import type { Environment } from './settings/settings';
import { LoginMatrixStack } from './stack';

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
  const folder = join(__dirname, '..', 'environments');
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  return `There is no environment to deploy. environments/index.ts lists them; the folder has ${files.join(', ')}.`;
}
