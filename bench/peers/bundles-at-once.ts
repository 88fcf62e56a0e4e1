/** Makes the zips of all functions as synth does: the first `bundleFunction` bundles all of them with one call of esbuild. */
import { bundleFunction, functionFolders } from '../../modules/compute/bundle';

for (const folder of functionFolders()) bundleFunction(folder);
