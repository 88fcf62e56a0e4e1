import { join } from 'node:path';
import { AwsApiServer, type AwsApiServerOptions } from '../../aws-api/server';
import { Applied } from '../../applied';

/**
 * Starts the AWS API in front of the moto at `upstream`. By default it starts a new journal. A journal must list every request that
 * changed moto, so a new journal needs an empty moto. By default nothing is applied, and all functions have the same address and reach
 * Secrets Manager.
 */
export const openAwsApi = (
  options: Pick<AwsApiServerOptions, 'upstream' | 'folder'> & Partial<AwsApiServerOptions>,
): Promise<AwsApiServer> =>
  AwsApiServer.start({
    logFolder: join(options.folder, 'logs'),
    journal: { path: join(options.folder, 'journal'), replayed: false },
    trust: (bundle) => bundle,
    applied: () => Promise.resolve(new Applied({})),
    attach: () => ({ address: '127.0.2.1', hosts: {}, release: () => undefined }),
    targetHealthOf: () => Promise.resolve(undefined),
    judgeSecretsManager: () => undefined,
    log: () => undefined,
    ...options,
  });
