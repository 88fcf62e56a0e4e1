import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalDeployment, Served, TerraformState } from '../local';

/** Facts about a deployment on this machine for `npm run verify`. `verify/one-machine.ts` reads them. */
export interface EndpointsFile {
  /** As `terraform output -json` prints them. */
  readonly outputs: NonNullable<NonNullable<TerraformState['values']>['outputs']>;
  /** The HOST:PORT on this machine for each HOST:PORT of CloudFront and API Gateway. */
  readonly addresses: Readonly<Record<string, string>>;
  /** PEM of the certificate authority of CloudFront and API Gateway. */
  readonly authority: string;
  /** URL of the local AWS. */
  readonly controlPlane: string;
}

/** Returns the facts about a deployment. `addresses` is empty if it serves no API. */
export function servedEndpoints({ state, aws }: LocalDeployment, served: Served | undefined): EndpointsFile {
  const outputs = state.values?.outputs ?? {};
  return {
    outputs,
    addresses: served === undefined ? {} : addressesOf(served, domainNamesIn(outputs)),
    authority: aws.authorities.amazon.pem,
    controlPlane: aws.url,
  };
}

/** Writes the endpoints file into a folder. */
export function writeEndpoints(folder: string, endpoints: EndpointsFile): void {
  writeFileSync(fileIn(folder), JSON.stringify(endpoints, undefined, 2));
}

/** Removes the endpoints file when the deployment stops, so that `npm run verify` does not call closed addresses. */
export function removeEndpoints(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

const fileIn = (folder: string): string => join(folder, 'endpoints.json');

/** Returns the domain names of the API's URL and of the distribution. They differ if the API has a custom domain. */
function domainNamesIn(outputs: EndpointsFile['outputs']): string[] {
  const names = [outputs['api_url']?.value, outputs['distribution_domain']?.value].map(String);
  return names.map((name) => name.replace('https://', ''));
}

function addressesOf({ api, edge }: Served, names: readonly string[]): Record<string, string> {
  return Object.fromEntries([
    ...names.flatMap((name) => [
      [`${name}:443`, `127.0.0.1:${edge.httpsPort}`],
      [`${name}:80`, `127.0.0.1:${edge.httpPort}`],
    ]),
    [`${api.domainName}:443`, `${api.address}:${api.port}`],
  ]) as Record<string, string>;
}
