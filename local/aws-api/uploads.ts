import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WholeRequest } from '../http/exchange';

/** CreateFunction, UpdateFunctionCode and PublishLayerVersion. */
const UPLOAD_CALLS = [
  /^POST \/[\d-]+\/functions\/?$/,
  /^PUT \/[\d-]+\/functions\/[^/]+\/code\/?$/,
  /^POST \/[\d-]+\/layers\/[^/]+\/versions\/?$/,
];

interface Upload {
  readonly ZipFile?: string;
  readonly Code?: { readonly ZipFile?: string };
  readonly Content?: { readonly ZipFile?: string };
}

/** Keeps zips that were uploaded to Lambda, by hash. moto accepts zips but does not return them. */
export class Uploads {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Keeps the zip of a request that uploads one. */
  keep({ method, path, body }: WholeRequest): void {
    const call = `${method} ${path.replace(/\?.*/, '')}`;
    if (!UPLOAD_CALLS.some((pattern) => pattern.test(call))) return;
    const { ZipFile, Code, Content } = JSON.parse(body.toString('utf8')) as Upload;
    const zip = ZipFile ?? Code?.ZipFile ?? Content?.ZipFile;
    if (zip === undefined) return;
    const bytes = Buffer.from(zip, 'base64');
    writeFileSync(this.pathOf(createHash('sha256').update(bytes).digest('base64')), bytes);
  }

  /** Returns the path of a zip. @throws Error if no request to the local AWS contained the zip, for example if it is in S3 */
  zipPath(codeSha256: string): string {
    const path = this.pathOf(codeSha256);
    if (existsSync(path)) return path;
    throw new Error(
      `No zip with CodeSha256 ${codeSha256} was uploaded to the local AWS. Set filename instead of s3_bucket, and apply through the local AWS.`,
    );
  }

  private pathOf(codeSha256: string): string {
    return join(this.folder, `${Buffer.from(codeSha256, 'base64').toString('hex')}.zip`);
  }
}
