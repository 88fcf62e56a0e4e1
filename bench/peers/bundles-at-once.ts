/** Makes the zips of all functions as synth does: the first call runs esbuild for all, and each call makes one zip. */
import { bundleFunction, functionFolders } from '../../modules/compute/bundle';

for (const folder of functionFolders()) bundleFunction(folder);
