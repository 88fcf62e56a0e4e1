import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import type { EditStack } from './running-deployment';

interface Stack {
  readonly resource: {
    readonly aws_lambda_function: Readonly<Record<string, { filename: string; source_code_hash: string }>>;
  };
}

/**
 * Returns an edit that changes the zip, but not the behaviour, of the function whose Terraform name contains `_<name>_`. Each
 * call of the same edit makes the same zip.
 */
export function withNewCode(name: string): EditStack {
  const newFile = Buffer.from(randomUUID());
  return (folder) => {
    const file = join(folder, 'cdk.tf.json');
    const stack = JSON.parse(readFileSync(file, 'utf8')) as Stack;
    const functions = Object.entries(stack.resource.aws_lambda_function);
    const matches = functions.filter(([terraformName]) => terraformName.includes(`_${name}_`));
    const [match] = matches;
    if (match === undefined || matches.length > 1) {
      const names = matches.map(([terraformName]) => terraformName).join(', ') || 'none';
      throw new Error(`Exactly one function must have _${name}_ in its Terraform name, got ${names}`);
    }
    const [, values] = match;
    const files = unzipSync(readFileSync(join(folder, values.filename)));
    const zip = zipSync({ ...files, 'new-code.txt': newFile }, { mtime: '2026-01-01T00:00:00' });
    values.filename = join('assets', `${name}-new.zip`);
    values.source_code_hash = createHash('sha256').update(zip).digest('base64');
    writeFileSync(join(folder, values.filename), zip);
    writeFileSync(file, JSON.stringify(stack));
  };
}
