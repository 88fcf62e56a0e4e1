import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localEnvironment, runTerraform, type TerraformRun } from '../../terraform/terraform-process';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terraform-process-'));
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Runs a shell script in place of Terraform. */
function runScript(script: string, change: Partial<TerraformRun> = {}): Promise<string> {
  const program = join(folder, 'terraform');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return runTerraform({ program, arguments: ['apply'], folder, environment: { PATH: process.env['PATH'] }, ...change });
}

describe('a run of Terraform', () => {
  it('returns and reports each line of its standard output, and nothing of its standard error', async () => {
    const lines: string[] = [];
    expect(await runScript('echo one; echo two; echo warning >&2', { onLine: (line) => lines.push(line) })).toBe(
      'one\ntwo',
    );
    expect(lines).toEqual(['one', 'two']);
  });

  it('gets the given arguments, folder and environment, and no variables of this process, such as HOME', async () => {
    const environment = { OWN: 'set' };
    const output = await runScript('echo "$@"; pwd; echo "$OWN $HOME"', { arguments: ['plan', '-json'], environment });
    expect(output.split('\n')).toEqual(['plan -json', folder, 'set ']);
  });

  it('fails with Terraform’s message, without the frame around it', async () => {
    const message = '╷\n│ Error: No configuration files\n│ \n│ The directory is empty.\n╵';
    await expect(runScript(`printf '%s\\n' '${message}' >&2; exit 1`)).rejects.toThrow(
      /^terraform apply failed:\nError: No configuration files\n\nThe directory is empty\.$/,
    );
  });

  it('fails if the program cannot be started', async () => {
    await expect(runScript('', { program: join(folder, 'missing') })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('an aborted run of Terraform', () => {
  const WORK = 'echo working; while :; do sleep 0.05; done';

  /** Starts a run and waits for its line "working". @returns its outcome, its lines, and a function that waits for the next line */
  async function start(script: string, abort: AbortController) {
    const lines: string[] = [];
    let onNextLine: () => void = () => undefined;
    const nextLine = () => new Promise<void>((resolve) => (onNextLine = resolve));
    const working = nextLine();
    const onLine = (line: string): void => {
      lines.push(line);
      onNextLine();
    };
    const outcome = runScript(script, { signal: abort.signal, onLine }).catch((error: unknown) => error);
    await working;
    return { outcome, lines, nextLine };
  }

  /** Aborts a run that survives SIGINT, and lets fake time pass until SIGKILL ends it. */
  async function abortUntilKilled(script: string): Promise<void> {
    const abort = new AbortController();
    const { outcome, lines, nextLine } = await start(`${script}; trap 'echo interrupted' INT; ${WORK}`, abort);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const firstInterrupt = nextLine();
    abort.abort('stopped');
    await firstInterrupt;
    const secondInterrupt = nextLine();
    await jest.advanceTimersByTimeAsync(9_999);
    expect(lines).toEqual(['working', 'interrupted']);
    await jest.advanceTimersByTimeAsync(1);
    await secondInterrupt;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toBe('stopped');
    expect(lines).toEqual(['working', 'interrupted', 'interrupted']);
    jest.useRealTimers();
  }

  it('does not start if its signal is already aborted', async () => {
    const onLine = jest.fn();
    await expect(runScript('echo started', { signal: AbortSignal.abort('stopped'), onLine })).rejects.toBe('stopped');
    expect(onLine).not.toHaveBeenCalled();
  });

  it('gets one SIGINT, may finish its work, and fails with the reason of the abort, even if Terraform exits with 0', async () => {
    const abort = new AbortController();
    const { outcome, lines } = await start(`trap 'echo finishing; exit 0' INT; ${WORK}`, abort);
    abort.abort('stopped');
    expect(await outcome).toBe('stopped');
    expect(lines).toEqual(['working', 'finishing']);
  });

  it('gets SIGINT again after 10 seconds, and SIGKILL after 10 more', async () => {
    await abortUntilKilled(':');
  });

  it('is killed together with its provider process', async () => {
    await abortUntilKilled('sleep 60 >/dev/null 2>&1 & echo $! > provider');
    expect(await endsSoon(Number(readFileSync(join(folder, 'provider'), 'utf8')))).toBe(true);
  });
});

/** Whether a process ends within a second. A zombie counts as ended. Kills a process that still runs. */
async function endsSoon(pid: number): Promise<boolean> {
  for (let tenths = 0; tenths < 10; tenths += 1) {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    if (/^(Z|$)/.test(stdout.trim())) return true;
    await sleep(100);
  }
  process.kill(pid);
  return false;
}

describe('the environment of Terraform for a local AWS', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('drops the user’s variables for AWS and Terraform except TF_LOG, keeps the others, and adds those for the local AWS', () => {
    const settings = {
      AWS_PROFILE: 'prod',
      AWS_ACCESS_KEY_ID: 'AKIAPROD',
      TF_VAR_region: 'x',
      TF_CLI_ARGS: '-x',
      TF_LOG: 'debug',
      GOGC: '50',
    };
    jest.replaceProperty(process, 'env', { ...process.env, ...settings });
    const environment = localEnvironment('http://127.0.0.1:4566');
    for (const name of ['AWS_PROFILE', 'TF_VAR_region', 'TF_CLI_ARGS']) expect(environment).not.toHaveProperty(name);
    expect(environment).toMatchObject({
      PATH: process.env['PATH'],
      TF_LOG: 'debug',
      GOGC: '50',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });
});
