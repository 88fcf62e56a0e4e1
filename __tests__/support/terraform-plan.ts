import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { findProviderSource } from '../../local/control-plane/cli-configuration';
import type { TerraformPlan as Plan } from '../../local/control-plane/terraform-json';
import { localEnvironment } from '../../local/control-plane/terraform-process';
import { findTerraform } from '../../local/control-plane/terraform-program';

/** Nothing listens there: no plan needs AWS. */
const NOWHERE = 'http://127.0.0.1:9';

/** What a plan would change: each resource, with the attributes that differ. */
export function differencesIn({ resource_changes: changes = [] }: Plan): string[] {
  return changes
    .filter(({ change: { actions } }) => !actions.every((action) => action === 'no-op' || action === 'read'))
    .map(({ address, change: { actions, before, after } }) => {
      const names = Object.keys({ ...before, ...after });
      const differing = names.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
      return `${actions.join(' and ')} ${address}: ${differing.join(', ')}`;
    });
}

/** The real Terraform on a small configuration, to see what its rules refuse. */
export class TerraformPlan {
  /** @param endpoint of a local AWS, where the configuration has its provider. @default - it has none */
  static async of(configuration: object, endpoint?: string): Promise<TerraformPlan> {
    const { path, platform } = await findTerraform();
    const folder = mkdtempSync(join(tmpdir(), 'plan-'));
    const provider = endpoint === undefined ? undefined : await findProviderSource({ platform, folder });
    const environment = { ...localEnvironment(endpoint ?? NOWHERE), ...provider?.environment };
    const plan = new TerraformPlan(path, folder, environment);
    plan.change(configuration);
    await plan.run('init', '-input=false');
    return plan;
  }

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Puts another configuration in the place of the present one. What was applied stays. */
  change(configuration: object): void {
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(configuration, null, 2));
  }

  async apply(): Promise<void> {
    await this.run('apply', '-input=false', '-auto-approve');
  }

  async destroy(): Promise<void> {
    await this.run('destroy', '-input=false', '-auto-approve');
  }

  /** What Terraform says of the variables, in one line; nothing where it accepts them. */
  async refusal(variables: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const values = join(this.folder, 'values.tfvars.json');
    writeFileSync(values, JSON.stringify(variables));
    try {
      await this.run('plan', '-input=false', '-no-color', `-var-file=${values}`);
      return '';
    } catch (error) {
      return (error as { stderr: string }).stderr.replace(/[│╷╵\s]+/g, ' ').trim();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private async run(...words: string[]): Promise<void> {
    await promisify(execFile)(this.program, words, { cwd: this.folder, env: this.environment });
  }
}
