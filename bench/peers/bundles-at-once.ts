/** Makes the zips of all functions like the synth. */
import { bundleFunction, functionFolders } from '../../modules/compute/bundle';

for (const folder of functionFolders()) bundleFunction(folder);
