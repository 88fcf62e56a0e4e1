import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localEnvironment } from '../../local/control-plane/terraform-process';
import { findTerraform } from '../../local/control-plane/terraform-program';

/** Nothing listens there: no plan needs AWS. */
const NOWHERE = 'http://127.0.0.1:9';

/** The real Terraform on a configuration without a provider, to see what its rules refuse. */
export class TerraformPlan {
  static async of(configuration: object): Promise<TerraformPlan> {
    const { path } = await findTerraform();
    const plan = new TerraformPlan(path, mkdtempSync(join(tmpdir(), 'plan-')));
    plan.change(configuration);
    plan.run('init', '-input=false');
    return plan;
  }

  private constructor(
    private readonly program: string,
    private readonly folder: string,
  ) {}

  /** Puts another configuration in the place of the present one. What was applied stays. */
  change(configuration: object): void {
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(configuration, null, 2));
  }

  apply(): void {
    this.run('apply', '-input=false', '-auto-approve');
  }

  destroy(): void {
    this.run('destroy', '-input=false', '-auto-approve');
  }

  /** What Terraform says of the variables, in one line; nothing where it accepts them. */
  refusal(variables: Readonly<Record<string, unknown>> = {}): string {
    const values = join(this.folder, 'values.tfvars.json');
    writeFileSync(values, JSON.stringify(variables));
    const { stderr } = spawnSync(this.program, ['plan', '-input=false', '-no-color', `-var-file=${values}`], {
      cwd: this.folder,
      env: localEnvironment(NOWHERE),
      encoding: 'utf8',
    });
    return stderr.replace(/[│╷╵\s]+/g, ' ').trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(...words: string[]): void {
    execFileSync(this.program, words, { cwd: this.folder, env: localEnvironment(NOWHERE) });
  }
}
