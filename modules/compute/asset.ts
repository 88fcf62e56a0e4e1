import { AssetType, Fn, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';

/** Terraform's arguments for the zip of a Lambda function or layer. The hash changes with the content of the zip. */
type ZipArguments = Readonly<Record<'filename' | 'sourceCodeHash', string>>;

/** Adds a zip to the stack's assets. */
export function zipAsset(scope: Construct, id: string, zip: string): ZipArguments {
  const { path } = new TerraformAsset(scope, id, { path: zip, type: AssetType.FILE });
  // Terraform compares `sourceCodeHash` with Lambda's hash, the zip's SHA-256 in base64. TerraformAsset's own `assetHash` has another format.
  return { filename: path, sourceCodeHash: Fn.filebase64sha256(path) };
}
