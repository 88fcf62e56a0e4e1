/** Makes the zips of all functions as the synth does. */
import { bundleFunction, routesWithCode } from '../../modules/compute/bundle';

for (const route of routesWithCode()) bundleFunction(route);
