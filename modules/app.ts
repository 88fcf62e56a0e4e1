import { Annotations, App } from 'cdktf';
import { parseEnvironments, warningsOf } from './settings/environments';
import type { Environment } from './settings/settings';
import { LoginMatrixStack } from './stack';

/**
 * Makes one stack for each environment.
 *
 * @param outdir where the Terraform configuration is written. @default - the folder that the CDKTF CLI sets, or `cdktf.out`
 * @throws SettingsError, or AggregateError of several, if settings are invalid. No stack is made then.
 */
export function createApp(environments: readonly Environment[], outdir?: string): App {
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
