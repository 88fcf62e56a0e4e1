import { join } from 'node:path';
import { startAwsFront, type AwsFront, type AwsFrontOptions } from '../../aws-api/aws-front';
import { Applied } from '../../applied';

/** Starts the front of a moto with nothing applied: its containers are at one address and reach Secrets Manager. */
export const openFront = (
  options: Pick<AwsFrontOptions, 'upstream' | 'folder'> & Partial<AwsFrontOptions>,
): Promise<AwsFront> =>
  startAwsFront({
    logFolder: join(options.folder, 'logs'),
    trust: (bundle) => bundle,
    applied: () => Promise.resolve(new Applied({})),
    place: () => ({ address: '127.0.2.1', hosts: {}, release: () => undefined }),
    targetHealthOf: () => Promise.resolve(undefined),
    reachesSecretsManager: () => undefined,
    log: () => undefined,
    ...options,
  });
