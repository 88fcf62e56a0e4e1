import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const THREE = [1, 2, 3] as const;

/**
 * Regions of the `aws` partition, with the numbers of their availability zones. In Tokyo and Northern California an account has
 * one zone less.
 *
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
const ZONES: Readonly<Record<string, readonly number[]>> = {
  'af-south-1': THREE,
  'ap-east-1': THREE,
  'ap-east-2': THREE,
  'ap-northeast-1': [1, 2, 3, 4],
  'ap-northeast-2': [1, 2, 3, 4],
  'ap-northeast-3': THREE,
  'ap-south-1': THREE,
  'ap-south-2': THREE,
  'ap-southeast-1': THREE,
  'ap-southeast-2': THREE,
  'ap-southeast-3': THREE,
  'ap-southeast-4': THREE,
  'ap-southeast-5': THREE,
  'ap-southeast-6': THREE,
  'ap-southeast-7': THREE,
  'ca-central-1': [1, 2, 4],
  'ca-west-1': THREE,
  'eu-central-1': THREE,
  'eu-central-2': THREE,
  'eu-north-1': THREE,
  'eu-south-1': THREE,
  'eu-south-2': THREE,
  'eu-west-1': THREE,
  'eu-west-2': THREE,
  'eu-west-3': THREE,
  'il-central-1': THREE,
  'me-central-1': THREE,
  'me-south-1': THREE,
  'mx-central-1': THREE,
  'sa-east-1': THREE,
  'us-east-1': [1, 2, 3, 4, 5, 6],
  'us-east-2': THREE,
  'us-west-1': THREE,
  'us-west-2': [1, 2, 3, 4],
};

export const REGIONS: readonly string[] = Object.keys(ZONES);

const CA_FOLDER = join(__dirname, '..', '..', 'certs', 'rds');
const regionsWithCa = new Set(readdirSync(CA_FOLDER).map((file) => file.replace(/\.pem$/, '')));

/** Returns whether the certificate authorities of the region's instances are in `certs/rds`. */
export const hasCertificates = (region: string): boolean => regionsWithCa.has(region);

/** Returns whether a region is outside the `aws` partition: in China, GovCloud, a sovereign or an isolated cloud. */
export const isOtherPartition = (region: string): boolean =>
  /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-[a-z]+)-/.test(region);

/** Returns the ids of a region's zones: `euc1-az1`. */
export function zonesOf(region: string): readonly string[] {
  return (ZONES[region] ?? []).map((number) => `${zonePrefix(region)}-az${number}`);
}

/** Returns the prefix of a region's zone ids: `eu-central-1` → `euc1`. */
export function zonePrefix(region: string): string {
  const [area = '', ...rest] = region.split('-');
  const directions: Record<string, string> = { northeast: 'ne', northwest: 'nw', southeast: 'se', southwest: 'sw' };
  const number = rest.pop() ?? '';
  return area + rest.map((direction) => directions[direction] ?? direction.charAt(0)).join('') + number;
}
