import { join } from 'node:path';
import { AwsApiServer, type AwsApiServerOptions } from '../../aws-api/server';
import { Applied } from '../../applied';

/** Starts the AWS API before a moto with nothing applied: its containers are at one address and reach Secrets Manager. */
export const openAwsApi = (
  options: Pick<AwsApiServerOptions, 'upstream' | 'folder'> & Partial<AwsApiServerOptions>,
): Promise<AwsApiServer> =>
  AwsApiServer.start({
    logFolder: join(options.folder, 'logs'),
    trust: (bundle) => bundle,
    applied: () => Promise.resolve(new Applied({})),
    attach: () => ({ address: '127.0.2.1', hosts: {}, release: () => undefined }),
    targetHealthOf: () => Promise.resolve(undefined),
    reachesSecretsManager: () => undefined,
    log: () => undefined,
    ...options,
  });
