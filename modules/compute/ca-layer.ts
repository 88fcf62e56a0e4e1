import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaLayerVersion } from '@cdktf/provider-aws/lib/lambda-layer-version';
import { Construct } from 'constructs';
import { zipAsset } from './asset';
import { writeBuildFile } from './build-folder';
import { ARCHITECTURE, RUNTIME } from './runtime';
import { readText } from '../text-file';
import { zip } from './zip';

const CERTS = join(__dirname, '..', '..', 'certs');

/** Paths of the layer's files, one for each kind of endpoint. A connection trusts only the file for its endpoint. */
export const CA_FILES = {
  /** The authorities that sign the certificates of RDS Proxy. */
  proxy: '/opt/certs/amazon-roots.pem',
  /** The authorities that sign the certificates of the region's instances. */
  instance: '/opt/certs/rds.pem',
} as const;

export interface CaLayerProps {
  readonly name: string;
  /** Region of the RDS certificate authorities. */
  readonly region: string;
}

/** The layer that all functions share, with the certificate authorities of RDS Proxy and RDS. */
export class CaLayer extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CaLayerProps) {
    super(scope, id);
    this.arn = new LambdaLayerVersion(this, 'layer', {
      layerName: props.name,
      description: `Certificate authorities of RDS Proxy and of RDS in ${props.region}`,
      ...zipAsset(this, 'zip', writeLayer(props.region)),
      compatibleArchitectures: [ARCHITECTURE],
      compatibleRuntimes: [RUNTIME],
      // The functions change to the new version before Terraform deletes the old one.
      lifecycle: { createBeforeDestroy: true },
    }).arn;
  }
}

/** Returns the certificate authorities of a region's instances, in PEM format. */
export function regionCertificates(region: string): string {
  return readText(join(CERTS, 'rds', `${region}.pem`));
}

function writeLayer(region: string): string {
  const roots = join(CERTS, 'amazon');
  const files: Record<string, string> = {
    [CA_FILES.proxy]: readdirSync(roots)
      .sort()
      .map((file) => readText(join(roots, file)))
      .join(''),
    [CA_FILES.instance]: regionCertificates(region),
  };
  const inZip = Object.entries(files).map(([file, pem]) => [file.replace('/opt/', ''), Buffer.from(pem)] as const);
  return writeBuildFile(`ca-layer-${region}.zip`, zip(Object.fromEntries(inZip)));
}
