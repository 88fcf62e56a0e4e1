import { bundleAhead } from './bundle';

/**
 * The bundling of every function, which begins when this module is loaded. `main.ts` loads it first: esbuild works in a process
 * of its own while Node.js loads the rest of the program.
 */
export const bundling = bundleAhead();

// Reported where it is awaited, which a refusal of the settings may prevent.
bundling.catch(() => undefined);
