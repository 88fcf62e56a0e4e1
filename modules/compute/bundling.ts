import { bundleAhead } from './bundle';

/**
 * The bundling of every function. It starts when this module is loaded. `main.ts` loads this module first, so esbuild works in
 * its own process while Node.js loads the rest of the program.
 */
export const bundling = bundleAhead();

// The caller that awaits the promise reports its error. If the settings are invalid, no caller does.
bundling.catch(() => undefined);
