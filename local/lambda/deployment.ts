import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Attachment } from '../network/network';
import { unzip } from './unzip';

/** A deployed function, ready to run. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** For example `nodejs22.x`. The function sees this name, but runs on the Node.js version of this process. */
  readonly runtime: string;
  /** Path of the function's zip. */
  readonly zip: string;
  /** Paths of the zips of the function's layers. A later layer overwrites files of an earlier one. */
  readonly layers: readonly string[];
  /** Replaces a PEM bundle of certificate authorities in a layer. @default - the bundle stays unchanged */
  readonly trust?: (bundle: string) => string;
  /** `file.export`. */
  readonly handler: string;
  /** The deployed environment variables, the credentials of the function's role, and the URL of the local AWS. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMib: number;
  readonly attachment: Attachment;
}

/** The folders of an unpacked function, in place of Lambda's `/var/task` and `/opt`. */
export interface Folders {
  readonly task: string;
  readonly opt: string;
}

export const LATEST = '$LATEST';

export async function unpack({ zip, layers, trust }: DeployedFunction, folder: string): Promise<Folders> {
  const folders = { task: join(folder, 'task'), opt: join(folder, 'opt') };
  await unpackZip(zip, folders.task);
  for (const layer of layers) await unpackZip(layer, folders.opt, trust);
  // Node.js searches parent folders for a package.json. This file ends the search, so no package.json outside the folder applies.
  await writeFile(join(folder, 'package.json'), '{}');
  return folders;
}

async function unpackZip(zip: string, folder: string, trust?: DeployedFunction['trust']): Promise<void> {
  for (const [path, bytes] of unzip(await readFile(zip))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const isBundle = trust && path.endsWith('.pem');
    await writeFile(join(folder, path), isBundle ? trust(Buffer.from(bytes).toString('utf8')) : bytes);
  }
}

/** Default environment variables of every function. */
export const BASE_ENVIRONMENT: NodeJS.ProcessEnv = {
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
};

/**
 * Makes the environment variables of a function; none is inherited from this process. Paths in them lead to this machine's
 * Node.js, the local runtime and the unpacked code.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 *
 * @param logStream name of the container's log stream
 */
export function environmentOf(
  deployment: DeployedFunction,
  { task, opt }: Folders,
  logStream: string,
): NodeJS.ProcessEnv {
  const { name, arn, runtime, handler, memoryMib, environment } = deployment;
  const region = arn.split(':')[3] ?? '';
  // Variables that point to /opt, Lambda's folder for layers, point to the local folder instead.
  const mapped = Object.entries(environment).map(
    ([key, value]) => [key, value.replace(/^\/opt\//, `${opt}/`)] as const,
  );
  return {
    ...BASE_ENVIRONMENT,
    NODE_PATH: join(opt, 'nodejs', 'node_modules'),
    ...Object.fromEntries<string>(mapped),
    _HANDLER: handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: LATEST,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMib),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: task,
    LAMBDA_RUNTIME_DIR: __dirname,
  };
}
