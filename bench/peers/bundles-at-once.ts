/** Makes the zips of all functions as synth does: one call of esbuild bundles them all. */
import { bundleFunction, functionFolders } from '../../modules/compute/bundle';

for (const folder of functionFolders()) bundleFunction(folder);
