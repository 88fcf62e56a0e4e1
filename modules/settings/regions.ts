import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Regions of the `aws` partition. */
export const REGIONS: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/**
 * Numbers at the end of a region's zone ids, for regions whose numbers are not 1, 2 and 3. An account has only three of the four
 * zones in `ap-northeast-1`.
 *
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
const OTHER_ZONES: Readonly<Record<string, readonly number[]>> = {
  'ap-northeast-1': [1, 2, 3, 4],
  'ap-northeast-2': [1, 2, 3, 4],
  'ca-central-1': [1, 2, 4],
  'us-east-1': [1, 2, 3, 4, 5, 6],
  'us-west-2': [1, 2, 3, 4],
};

/** Returns whether the certificate authorities of the region's instances are in `certs/rds`. */
export const hasCertificates = (region: string): boolean =>
  existsSync(join(__dirname, '..', '..', 'certs', 'rds', `${region}.pem`));

/** Returns whether a region belongs to another partition than `aws`: China, GovCloud, a sovereign or an isolated cloud. */
export const isInOtherPartition = (region: string): boolean =>
  /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-[a-z]+)-/.test(region);

/** Returns the ids of a region's zones, such as `euc1-az1`. */
export function zonesOf(region: string): readonly string[] {
  return (OTHER_ZONES[region] ?? [1, 2, 3]).map((number) => `${zonePrefix(region)}-az${number}`);
}

/** Returns the prefix of a region's zone ids: `eu-central-1` → `euc1`. */
export function zonePrefix(region: string): string {
  const [area = '', ...words] = region.split('-');
  const directions: Record<string, string> = { northeast: 'ne', northwest: 'nw', southeast: 'se', southwest: 'sw' };
  const number = words.pop() ?? '';
  return area + words.map((direction) => directions[direction] ?? direction.charAt(0)).join('') + number;
}
