import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { findTerraform, type TerraformPlan as Plan } from '../../../local';
import { findProviderSource, localEnvironment } from '../../../local/__tests__/support';

/** An address that nothing calls, for configurations without an AWS provider. */
const NOWHERE = 'http://127.0.0.1:9';

/** Lists the changes of a plan: each action and resource with its changed attributes. */
export function changesIn({ resource_changes: changes = [] }: Plan): string[] {
  return changes
    .filter(({ change: { actions } }) => !actions.every((action) => action === 'no-op' || action === 'read'))
    .map(({ address, change: { actions, before, after } }) => {
      const names = Object.keys({ ...before, ...after });
      const differing = names.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
      return `${actions.join(' and ')} ${address}: ${differing.join(', ')}`;
    });
}

/** A small configuration that the real Terraform plans and applies. */
export class TerraformConfiguration {
  /** Initialises a configuration. @param endpoint URL of the local AWS that the AWS provider calls. @default - no AWS provider */
  static async of(configuration: object, endpoint?: string): Promise<TerraformConfiguration> {
    const { path, platform } = await findTerraform();
    const folder = mkdtempSync(join(tmpdir(), 'plan-'));
    const provider = endpoint === undefined ? undefined : await findProviderSource(platform, folder);
    const environment = { ...localEnvironment(endpoint ?? NOWHERE), ...provider?.environment };
    const initialised = new TerraformConfiguration(path, folder, environment);
    initialised.change(configuration);
    await initialised.run('init', '-input=false');
    return initialised;
  }

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Replaces the configuration and keeps the applied state. */
  change(configuration: object): void {
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(configuration, null, 2));
  }

  async apply(): Promise<void> {
    await this.run('apply', '-input=false', '-auto-approve');
  }

  async destroy(): Promise<void> {
    await this.run('destroy', '-input=false', '-auto-approve');
  }

  /** Plans the configuration with variables. @returns Terraform's errors in one line; empty if the plan succeeds */
  async planErrors(variables: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const valuesFile = join(this.folder, 'values.tfvars.json');
    writeFileSync(valuesFile, JSON.stringify(variables));
    try {
      await this.run('plan', '-input=false', '-no-color', `-var-file=${valuesFile}`);
      return '';
    } catch (error) {
      return (error as { stderr: string }).stderr.replace(/[│╷╵\s]+/g, ' ').trim();
    }
  }

  /** Plans the configuration. @returns the changes in the format of `changesIn` */
  async plannedChanges(): Promise<string[]> {
    await this.run('plan', '-input=false', '-out=planned');
    return changesIn(JSON.parse(await this.run('show', '-json', 'planned')) as Plan);
  }

  /** Returns the outputs of the applied configuration. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const outputs = JSON.parse(await this.run('output', '-json')) as Record<string, { readonly value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private async run(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.program, args, { cwd: this.folder, env: this.environment });
    return stdout;
  }
}
