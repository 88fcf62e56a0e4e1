import { spawn } from 'node:child_process';
import { findProgram } from '../../local';

/** Opens a page in the user's browser. @throws Error with the remedy if this system has no command for it */
export function openBrowser(url: string): void {
  const program = findProgram(process.platform === 'darwin' ? ['open'] : ['xdg-open']);
  if (program === undefined) {
    throw new Error(`--open needs xdg-open, which is missing. Open ${url} yourself, or install xdg-utils.`);
  }
  spawn(program, [url], { stdio: 'ignore', detached: true })
    .on('error', (error) => console.error(`${program} does not start: ${error.message}`))
    .unref();
}
