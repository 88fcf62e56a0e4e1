import { bundleAhead } from './bundle';

/**
 * The bundling of every function. It starts when this module is loaded. `main.ts` loads this module first, so esbuild works in
 * its own process while Node.js loads the rest of the program.
 */
export const bundling = bundleAhead();

// `main.ts` awaits the promise and reports a failed bundling. If `main.ts` finds an invalid environment first, it never awaits the
// promise. Without this handler, an unhandled rejection would then end the process.
bundling.catch(() => undefined);
