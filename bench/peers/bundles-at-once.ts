/** Makes the zips of all functions like the synth. */
import { bundleFunction, routesWithCode } from '../../modules/compute/bundle';

for (const route of routesWithCode()) bundleFunction(route);
