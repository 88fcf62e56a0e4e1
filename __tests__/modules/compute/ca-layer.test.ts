import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { AMAZON_ROOTS } from '../../../certs/files';
import { CaLayer } from '../../../modules/compute/ca-layer';
import { synthesiseAlone } from '../../support/synthesised-stack';

const REPOSITORY = join(__dirname, '../../..');
const stack = synthesiseAlone((scope) => new CaLayer(scope, 'ca', { name: 'test-ca', region: 'eu-central-1' }));

describe('the layer of certificate authorities', () => {
  it('contains only Amazon’s roots and the authorities of RDS in its region', () => {
    // The construct wrote the zip to this folder.
    const files = unzipSync(readFileSync(join(REPOSITORY, '.build/ca-layer-eu-central-1.zip')));
    const contentOf = (name: string): string => Buffer.from(files[name] ?? []).toString('utf8');
    expect(Object.keys(files).sort()).toEqual(['certs/amazon-roots.pem', 'certs/rds.pem']);
    expect(contentOf('certs/rds.pem')).toBe(readFileSync(join(REPOSITORY, 'certs/rds/eu-central-1.pem'), 'utf8'));
    expect(contentOf('certs/amazon-roots.pem').match(/BEGIN CERTIFICATE/g)).toHaveLength(AMAZON_ROOTS.length);
  });

  it('is for Arm, and its new version is created before the old one is deleted', () => {
    expect(stack.one('aws_lambda_layer_version')).toMatchObject({
      layer_name: 'test-ca',
      compatible_architectures: ['arm64'],
      lifecycle: { create_before_destroy: true },
    });
  });
});
