import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTerraform } from '../../../local';
import {
  adaptToOlderProvider,
  localEnvironment,
  needsNewerProvider,
  runTerraform,
} from '../../../local/__tests__/support';
import { createApp } from '../../../modules/app';
import type { Environment } from '../../../modules/settings/settings';

/** Result of a plan. */
export interface PlannedChanges {
  /** Types of the resources that the plan replaces. */
  readonly replaced: readonly string[];
  /** Each action with the address of its resource. */
  readonly changes: readonly string[];
  /** Terraform's errors; empty if the plan succeeds. */
  readonly errors: string;
}

/** Files that a new folder needs for a plan from the state of the applied stack. */
const STATE_FILES = ['terraform.tfstate', '.terraform.lock.hcl', 'backend_override.tf.json'];

/** A line of `terraform plan -json`: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface Message {
  readonly type: string;
  readonly change?: {
    readonly action: string;
    readonly resource: { readonly addr: string; readonly resource_type: string };
  };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
}

/** Plans changes of an applied stack, each from the same state, without applying any. */
export class ChangePlans {
  /**
   * @param appliedFolder Terraform's folder of the applied stack
   * @param url the endpoint of the local AWS to which the stack is applied
   */
  constructor(
    private readonly appliedFolder: string,
    private readonly url: string,
  ) {}

  /**
   * Plans the change from the applied stack to this environment.
   *
   * @param refresh whether Terraform reads the resources from AWS first. @default false, because reading them takes most of a plan's time
   */
  async planTo(environment: Environment, { refresh = false } = {}): Promise<PlannedChanges> {
    const folder = mkdtempSync(join(tmpdir(), 'change-plan-'));
    try {
      createApp([environment], folder).synth();
      return await this.plan(join(folder, 'stacks', environment.name), refresh);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private async plan(folder: string, refresh: boolean): Promise<PlannedChanges> {
    for (const file of STATE_FILES) cpSync(join(this.appliedFolder, file), join(folder, file));
    symlinkSync(join(this.appliedFolder, '.terraform'), join(folder, '.terraform'));
    // The plan uses the provider of the applied stack, which may be older than the configuration requires.
    if (needsNewerProvider(folder)) adaptToOlderProvider(folder);
    const cliConfiguration = join(this.appliedFolder, '..', 'terraform.rc');
    const { path: program } = await findTerraform();
    const lines: string[] = [];
    const failure = await runTerraform({
      program,
      arguments: ['plan', '-json', '-input=false', `-refresh=${refresh}`],
      folder,
      environment: {
        ...localEnvironment(this.url),
        ...(existsSync(cliConfiguration) && { TF_CLI_CONFIG_FILE: cliConfiguration }),
      },
      onLine: (line) => lines.push(line),
    }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    const planned = plannedChangesIn(lines.map((line) => JSON.parse(line) as Message));
    if (failure !== undefined && planned.errors === '') throw failure;
    return planned;
  }
}

function plannedChangesIn(messages: readonly Message[]): PlannedChanges {
  const changes = messages.flatMap(({ type, change }) => (type === 'planned_change' && change ? [change] : []));
  const errors = messages.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []));
  const replaced = changes.filter(({ action }) => action === 'replace').map(({ resource }) => resource.resource_type);
  return {
    replaced: [...new Set(replaced)].sort(),
    changes: changes.map(({ action, resource }) => `${action} ${resource.addr}`),
    errors: errors.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n'),
  };
}
