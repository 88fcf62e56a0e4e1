import { bundleAhead } from './bundle';

/**
 * The bundling of every function. It starts when this module is loaded. `main.ts` loads this module before CDKTF, so esbuild works
 * in its own process while Node.js loads the rest of the program.
 */
export const bundling = bundleAhead();

// `main.ts` awaits the promise, and fails if the bundling fails. If the file of an environment or a name on the command line is
// invalid, `main.ts` never awaits it. Without this handler, an unhandled rejection would then end the process.
bundling.catch(() => undefined);
