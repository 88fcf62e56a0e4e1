/** Lambda's runtime and architecture, for the functions and for the layer that they share. */
export const RUNTIME = 'nodejs22.x';
export const ARCHITECTURE = 'arm64';
