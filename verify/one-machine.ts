import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RAW_OUTPUTS } from './outputs';

/** Schema of the file that `npm start` writes; `start/endpoints-file.ts` declares the same fields. */
const ENDPOINTS = z.object({
  outputs: RAW_OUTPUTS,
  /** The HOST:PORT on this machine for each HOST:PORT of AWS. */
  addresses: z.record(z.string(), z.string()),
  /** PEM of the certificate authority of CloudFront and API Gateway. */
  authority: z.string(),
  /** URL of the local AWS. */
  controlPlane: z.url(),
});

/**
 * Reads outputs and addresses of the deployment on this machine.
 *
 * @param folder the folder that `npm start` uses
 * @throws Error with the remedy if the folder contains no valid `endpoints.json`.
 */
export function readEndpoints(folder: string): z.infer<typeof ENDPOINTS> {
  const file = join(folder, 'endpoints.json');
  try {
    return ENDPOINTS.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const remedy = 'Run `npm start` first, and leave it running.';
    throw new Error(`${file} does not contain the addresses of a deployment on this machine. ${remedy}`, {
      cause: error,
    });
  }
}
