import { execFileSync } from 'node:child_process';
import { isRunByCli } from './refusal';

/** The CDKTF CLI runs this program in a shell, so it is the parent or the parent's parent. */
const GENERATIONS = 2;

/**
 * Names of stacks behind the command of the CDKTF CLI, as in `cdktf deploy dev`. The CLI does not pass them on, and refuses an
 * unknown one without the known ones; its command line tells them. Patterns are left out, and so is everything from the first option
 * on. Where the command line cannot be read there are none.
 */
export function stacksAskedFor(): readonly string[] {
  return isRunByCli() ? commandLines().flatMap(stacksIn) : [];
}

/** Names of stacks in a command line. */
export function stacksIn(commandLine: string): string[] {
  const [, words = ''] = /\bcdktf (?:synth|diff|plan|deploy|apply|destroy) (.+)$/.exec(commandLine) ?? [];
  const [names = ''] = words.split(/(?:^|\s)-/);
  return names.split(/\s+/).filter((name) => /^[\w-]+$/.test(name));
}

function commandLines(): string[] {
  const lines: string[] = [];
  let pid = process.ppid;
  for (let generation = 0; generation < GENERATIONS && pid > 1; generation += 1) {
    const [parent = '', line = ''] = processOf(pid);
    lines.push(line);
    pid = Number(parent);
  }
  return lines;
}

/** @returns id of the parent, command line; nothing where there is no `ps` */
function processOf(pid: number): string[] {
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
