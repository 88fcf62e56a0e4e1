import { Annotations, App } from 'cdktf';
import { checkDeclaredLogins } from './routes/declared-logins';
import { parseEnvironments, warningsFor } from './settings/environments';
import type { Environment } from './settings/settings';
import { LoginMatrixStack } from './stack';

/**
 * Makes one stack for each environment.
 *
 * @param outdir where the Terraform configuration is written. @default - the folder that the CDKTF CLI sets, or `cdktf.out`
 * @throws SettingsError if settings or declared routes are invalid. No stack is made then.
 */
export function createApp(environments: readonly Environment[], outdir?: string): App {
  checkDeclaredLogins();
  const parsed = parseEnvironments(environments);
  const app = new App({ ...(outdir !== undefined && { outdir }), stackTraces: false });
  for (const [index, settings] of parsed.entries()) {
    const stack = new LoginMatrixStack(app, settings);
    for (const warning of warningsFor(settings, parsed.slice(0, index))) Annotations.of(stack).addWarning(warning);
  }
  return app;
}
