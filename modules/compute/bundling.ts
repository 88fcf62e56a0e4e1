import { bundleAhead } from './bundle';

/**
 * The bundling of every function. It starts when this module is loaded. `main.ts` loads this module first, so esbuild works in
 * its own process while Node.js loads the rest of the program.
 */
export const bundling = bundleAhead();

// `main.ts` awaits the promise and reports its error, but not if it first finds an invalid environment. An unhandled rejection
// would then end the process.
bundling.catch(() => undefined);
