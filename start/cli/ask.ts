import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

export interface Question {
  readonly text: string;
  /** What Enter alone means. */
  readonly enter: boolean;
  /** What it means where there is no terminal, as in a script. */
  readonly withoutTerminal: boolean;
  /** Ends the question with a no. @default - only an answer ends it, and Ctrl-C, which also ends everything else as always */
  readonly signal?: AbortSignal;
}

/** Asks a person yes or no. */
export async function ask({ text, enter, withoutTerminal, signal }: Question): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return withoutTerminal;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // While it reads, the terminal hands Ctrl-C to it, and sends no signal.
  terminal.on('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  signal?.addEventListener('abort', () => terminal.close(), { once: true });
  try {
    const closed = once(terminal, 'close').then(() => 'no');
    const answer = await Promise.race([terminal.question(`${text} ${enter ? '[Y/n]' : '[y/N]'} `), closed]);
    return enter ? /^(y|yes|)$/i.test(answer.trim()) : /^(y|yes)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
