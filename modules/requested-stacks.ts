import { execFileSync } from 'node:child_process';
import { isRunByCli } from './refusal';

/** The CDKTF CLI runs this program in a shell, so the CLI is its parent or grandparent. */
const ANCESTORS = 2;

/**
 * Reads the stack names from the command line of the CDKTF CLI, as in `cdktf deploy dev`, because the CLI does not pass them on.
 * `main.ts` refuses an unknown name with a list of the known ones, which the CLI's own error lacks.
 *
 * @returns the names before the first option, except patterns such as `dev*`; none if the command line cannot be read
 */
export function requestedStacks(): readonly string[] {
  return isRunByCli() ? ancestorCommandLines().flatMap(stacksIn) : [];
}

export function stacksIn(commandLine: string): string[] {
  const [, words = ''] = /\bcdktf (?:synth|diff|plan|deploy|apply|destroy) (.+)$/.exec(commandLine) ?? [];
  const [names = ''] = words.split(/(?:^|\s)-/);
  return names.split(/\s+/).filter((name) => /^[\w-]+$/.test(name));
}

function ancestorCommandLines(): string[] {
  const lines: string[] = [];
  let pid = process.ppid;
  for (let generation = 0; generation < ANCESTORS && pid > 1; generation += 1) {
    const [parent = '', line = ''] = parentAndCommandLine(pid);
    lines.push(line);
    pid = Number(parent);
  }
  return lines;
}

/** Returns the id of the parent process, then the command line; nothing if `ps` fails. */
function parentAndCommandLine(pid: number): string[] {
  try {
    const line = execFileSync('ps', ['-ww', '-o', 'ppid=,args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /^\s*(\d+)\s(.*)/.exec(line)?.slice(1) ?? [];
  } catch {
    return [];
  }
}
