import { AssetType, Fn, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';

/** A zip for Terraform: its path relative to the configuration, and its hash, which changes with its content. */
export interface ZipAsset {
  readonly path: string;
  readonly sourceCodeHash: string;
}

/** Adds a zip to the stack's assets. */
export function zipAsset(scope: Construct, id: string, zip: string): ZipAsset {
  const { path } = new TerraformAsset(scope, id, { path: zip, type: AssetType.FILE });
  // Not cdktf's own hash: Terraform compares `sourceCodeHash` with Lambda's hash, the zip's SHA-256 in base64.
  return { path, sourceCodeHash: Fn.filebase64sha256(path) };
}
