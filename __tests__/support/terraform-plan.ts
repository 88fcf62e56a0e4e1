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
    const folder = mkdtempSync(join(tmpdir(), 'plan-'));
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(configuration, null, 2));
    execFileSync(path, ['init', '-input=false'], { cwd: folder, env: localEnvironment(NOWHERE) });
    return new TerraformPlan(path, folder);
  }

  private constructor(
    private readonly program: string,
    private readonly folder: string,
  ) {}

  /** What Terraform says of the variables, in one line; nothing where it accepts them. */
  refusal(variables: Readonly<Record<string, unknown>>): string {
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
}
