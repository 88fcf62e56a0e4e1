import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformOutput } from 'cdktf';
import { zipAsset, type ZipAsset } from '../../../modules/compute/asset';
import { synthesiseAlone } from '../../support/synthesised-stack';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'asset-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Adds a zip with this content to a stack. @returns path and hash of the zip, as the configuration has them */
function assetOf(content: string): { path: string; hash: unknown } {
  const zip = join(folder, 'code.zip');
  writeFileSync(zip, content);
  let asset: ZipAsset = { path: '', sourceCodeHash: '' };
  const { json } = synthesiseAlone((stack) => {
    asset = zipAsset(stack, 'code', zip);
    new TerraformOutput(stack, 'hash', { value: asset.sourceCodeHash });
  });
  return { path: asset.path, hash: json['output'].hash.value };
}

describe('the asset of a zip', () => {
  it('has a path inside the configuration, not the path of the zip on this machine', () => {
    expect(assetOf('code').path).toMatch(/^assets\/code\/[0-9A-F]+\/code\.zip$/);
  });

  it('has another path if the content of the zip changes', () => {
    expect(assetOf('new code').path).not.toBe(assetOf('code').path);
  });

  it('has the SHA-256 that Lambda reports for its code, computed by Terraform', () => {
    const { path, hash } = assetOf('code');
    expect(hash).toBe(`\${filebase64sha256("${path}")}`);
  });
});
