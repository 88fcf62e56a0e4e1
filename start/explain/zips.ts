import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZipOf } from './condition-inputs';

const STACKS = join(__dirname, '..', '..', 'cdktf.out', 'stacks');

/**
 * Returns a function that finds the zip of a layer by the hash in Terraform's state, which does not hold the zip itself. The
 * function looks among the uploads of `npm start` and the files of the last synth.
 *
 * @param folder where `npm start` keeps the files of a deployment
 */
export function zipsIn(folder: string): ZipOf {
  return (codeSha256, filename) => {
    const uploaded = join(folder, 'lambda', 'uploads', `${Buffer.from(codeSha256, 'base64').toString('hex')}.zip`);
    const stacks = existsSync(STACKS) ? readdirSync(STACKS) : [];
    const synthesised = filename === null ? [] : stacks.map((stack) => join(STACKS, stack, filename));
    return [uploaded, ...synthesised]
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path))
      .find((bytes) => createHash('sha256').update(bytes).digest('base64') === codeSha256);
  };
}
