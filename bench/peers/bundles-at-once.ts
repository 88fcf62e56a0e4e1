/** Makes the zips of all functions with one call of esbuild, as synth does. Here the first `bundleFunction` makes that call. */
import { bundleFunction, functionFolders } from '../../modules/compute/bundle';

for (const folder of functionFolders()) bundleFunction(folder);
