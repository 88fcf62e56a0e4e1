import { AssetType, Fn, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';

/** A zip as Terraform takes it: its path beside the configuration, and the hash that tells Lambda it changed. */
export interface ZipAsset {
  readonly path: string;
  readonly sourceCodeHash: string;
}

/** Puts a zip among the stack's assets. */
export function zipAsset(scope: Construct, id: string, zip: string): ZipAsset {
  const { path } = new TerraformAsset(scope, id, { path: zip, type: AssetType.FILE });
  // Not cdktf's own hash of the asset: Lambda reports the SHA-256 of the zip in base64, and the two are compared.
  return { path, sourceCodeHash: Fn.filebase64sha256(path) };
}
