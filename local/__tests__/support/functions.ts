import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { DeployedFunction } from '../../lambda/deployment';
import { ACCOUNT, functionArn } from './http-state';

/** Modification time of every file in a zip, so that the same files always give the same zip. A zip can hold no earlier time. */
const MODIFIED = new Date(1980, 0, 1);

/** ARN of the role that the functions run as. */
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/service`;

/** Returns the JSON of a trust policy that allows a service to assume the role. */
export const trustPolicy = (Service: string, Condition?: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service }, ...(Condition && { Condition }) }],
  });

/** A zip to upload. */
export interface Zip {
  readonly path: string;
  readonly bytes: Buffer;
  /** SHA-256, base64. */
  readonly hash: string;
}

/** Writes a zip into a folder. @param files text of each file by its name, or the text of a single `index.js` */
export function writeZip(folder: string, files: string | Readonly<Record<string, string>>): Zip {
  const texts = Object.entries(typeof files === 'string' ? { 'index.js': files } : files);
  const contents = Object.fromEntries(texts.map(([name, text]) => [name, Buffer.from(text)]));
  const bytes = Buffer.from(zipSync(contents, { mtime: MODIFIED }));
  const hash = createHash('sha256').update(bytes).digest();
  const path = join(folder, `${hash.toString('hex')}.zip`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, bytes);
  return { path, bytes, hash: hash.toString('base64') };
}

/** Writes a zip of this source into the folder, and returns the deployment of a function that has this zip. */
export function deploymentOf(folder: string, source: string, change: Partial<DeployedFunction> = {}): DeployedFunction {
  return {
    name: 'function',
    arn: functionArn('function'),
    runtime: 'nodejs22.x',
    zip: writeZip(folder, source).path,
    layers: [],
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 10,
    memoryMib: 128,
    attachment: { address: '127.0.2.1', hosts: {} },
    ...change,
  };
}

/** Values of an `aws_lambda_function`, as Terraform shows them. */
export function lambdaFunction(name: string, codeSha256: string, change: object = {}): object {
  return {
    function_name: name,
    arn: functionArn(name),
    code_sha256: codeSha256,
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    role: ROLE,
    timeout: 10,
    memory_size: 128,
    reserved_concurrent_executions: -1,
    environment: [],
    layers: null,
    vpc_config: [],
    ...change,
  };
}
