import type { Environment } from '../modules/settings/settings';
import { dev } from './dev';
import { prod } from './prod';

/** Every environment that can be deployed. */
export const environments: readonly Environment[] = [dev, prod];
