/** Makes the zips of all functions with one call of esbuild, as synth does. The first call of `bundleFunction` bundles them all. */
import { bundleFunction, functionFolders } from '../../modules/compute/bundle';

for (const folder of functionFolders()) bundleFunction(folder);
