import { spawn } from 'node:child_process';
import { findProgram } from '../../local';

/** Opens a page in the user's browser. If the program for it is missing or does not start, prints the address instead. */
export function openBrowser(url: string): void {
  const program = findProgram(process.platform === 'darwin' ? ['open'] : ['xdg-open']);
  if (program === undefined) {
    console.error(`--open needs xdg-open, which is missing. Open ${url} yourself, or install xdg-utils.`);
    return;
  }
  spawn(program, [url], { stdio: 'ignore', detached: true })
    .on('error', (error) => console.error(`${program} does not start: ${error.message}. Open ${url} yourself.`))
    .unref();
}
