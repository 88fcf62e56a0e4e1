import { spawn, type ChildProcess } from 'node:child_process';
import { devNull } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { inTime } from '../processes/in-time';
import { watchOver } from '../processes/watch-over';

/** Time for Terraform to end after a signal, before the next signal. */
const PATIENCE_MS = 10_000;

/** After one SIGINT Terraform finishes its current calls, after two it cancels them. */
const SIGNALS = ['SIGINT', 'SIGINT', 'SIGKILL'] as const;

export interface TerraformRun {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Takes each line of Terraform's output. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Stops Terraform: interrupts it as Ctrl-C does, again after 10 s, and kills it after 20 s. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs Terraform to its end.
 *
 * @returns its output
 * @throws Error with Terraform's message if Terraform fails; the abort reason of `signal` if `signal` stops Terraform.
 */
export async function runTerraform(run: TerraformRun): Promise<string> {
  run.signal?.throwIfAborted();
  const terraform = spawn(run.program, run.arguments, {
    cwd: run.folder,
    env: run.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  watchOver(terraform);
  const ended = new Promise<number | null>((resolve, reject) => terraform.on('close', resolve).on('error', reject));
  const lines: string[] = [];
  createInterface(terraform.stdout).on('line', (line) => {
    lines.push(line);
    run.onLine?.(line);
  });
  const stop = (): void => void end(terraform, ended);
  run.signal?.addEventListener('abort', stop, { once: true });
  try {
    const [errors, code] = await Promise.all([text(terraform.stderr), ended]);
    run.signal?.throwIfAborted();
    if (code !== 0) throw new Error(`terraform ${run.arguments[0] ?? ''} failed:\n${withoutFrame(errors)}`);
    return lines.join('\n');
  } finally {
    run.signal?.removeEventListener('abort', stop);
  }
}

/**
 * Returns the environment of Terraform for a local AWS at this URL. SECURITY: omits the user's own variables for AWS and
 * Terraform, which could lead Terraform to a real account or change what is applied. Keeps the variables of Terraform's
 * log, such as `TF_LOG`.
 */
export function localEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_(?!LOG))/.test(name));
  return {
    // With this value Go collects garbage less often: Terraform and its provider use a sixth less CPU time, and up to 170 MiB more memory.
    GOGC: '400',
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    // The stack refuses to deploy example values to AWS. On the local AWS they do no harm.
    TF_VAR_on_one_machine: 'true',
  };
}

async function end(terraform: ChildProcess, ended: Promise<unknown>): Promise<void> {
  for (const name of SIGNALS) {
    sendSignal(terraform, name);
    const hasEnded = inTime(ended, PATIENCE_MS, () => new Error('Terraform still runs')).then(() => true);
    if (await hasEnded.catch(() => false)) return;
  }
}

/** Sends a signal to Terraform, which then ends its provider. SIGKILL goes to both, because the provider would continue alone. */
function sendSignal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(name === 'SIGKILL' ? -pid : pid, name);
  } catch {
    // Terraform has already ended.
  }
}

/** Removes the frame that Terraform draws around its messages. */
function withoutFrame(message: string): string {
  return message.replace(/^[╷╵│] ?/gm, '').trim();
}
