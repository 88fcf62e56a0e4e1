import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

export interface Question {
  readonly text: string;
  /** The answer if the user presses only Enter, or if there is no terminal, as in a script. */
  readonly byDefault: boolean;
  /** Ends the question with the answer no. @default - only an answer, Ctrl-C or Ctrl-D ends it */
  readonly signal?: AbortSignal;
}

/** Asks a yes-or-no question. */
export async function ask({ text, byDefault, signal }: Question): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return byDefault;
  const terminal = createInterface({ input: process.stdin, output: process.stdout, ...(signal && { signal }) });
  // While readline reads, it receives Ctrl-C, and the process gets no signal.
  terminal.on('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    const closed = once(terminal, 'close').then(() => 'no');
    // Ctrl-D closes readline and rejects the question.
    const asked = terminal.question(`${text} ${byDefault ? '[Y/n]' : '[y/N]'} `).catch(() => 'no');
    const answer = await Promise.race([asked, closed]);
    return answer.trim() === '' ? byDefault : /^(y|yes)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
