import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

export interface Question {
  readonly text: string;
  /** The answer for Enter alone. */
  readonly enter: boolean;
  /** The answer without a terminal, as in a script. */
  readonly withoutTerminal: boolean;
  /** Ends the question with the answer no. @default - only an answer, Ctrl-C or Ctrl-D ends it */
  readonly signal?: AbortSignal;
}

/** Asks a yes-or-no question. */
export async function ask({ text, enter, withoutTerminal, signal }: Question): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return withoutTerminal;
  const terminal = createInterface({ input: process.stdin, output: process.stdout, ...(signal && { signal }) });
  // While readline reads, it receives Ctrl-C, and the process gets no signal.
  terminal.on('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    const closed = once(terminal, 'close').then(() => 'no');
    // Ctrl-D closes readline and rejects the question.
    const asked = terminal.question(`${text} ${enter ? '[Y/n]' : '[y/N]'} `).catch(() => 'no');
    const answer = await Promise.race([asked, closed]);
    return enter ? /^(y|yes|)$/i.test(answer.trim()) : /^(y|yes)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
