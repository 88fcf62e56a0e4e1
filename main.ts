import { App } from 'cdktf';
import { dev } from './environments/dev';
import { prod } from './environments/prod';
import { bundleSizes } from './modules/compute/bundle';
import { parseSettings, type Environment } from './modules/settings/settings';
import { LoginMatrixStack } from './modules/stack';

/**
 * One stack for each environment.
 *
 * @param outdir where the Terraform configuration is written. @default - where the CDKTF CLI says, else `cdktf.out`
 * @throws SettingsError where an environment's settings cannot work, before any of its resources is made.
 */
export function createApp(environments: readonly Environment[], outdir?: string): App {
  const app = new App(outdir === undefined ? {} : { outdir });
  for (const settings of environments.map(parseSettings)) new LoginMatrixStack(app, settings);
  return app;
}

if (require.main === module) {
  createApp([dev, prod]).synth();
}
