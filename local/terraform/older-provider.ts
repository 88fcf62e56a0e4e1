/**
 * Applies a configuration with an older AWS provider if Terraform finds no provider of the required version.
 *
 * Only one argument needs this: `default_auth_scheme` of `aws_db_proxy`, which provider 6.15 supports and 5.100 rejects. The
 * adaptation changes a copy of the configuration: it removes the constraint on the provider's version, and replaces the argument, if
 * present, with a stand-in: an `auth` block. The field `description` of this block holds the argument's name and value. The older provider
 * sends the block in its call and stores it in the state. The local control plane adds the argument to the call, as the newer provider
 * would. When the state is read, {@link toNewerProviderState} restores the argument.
 *
 * If Terraform finds a suitable provider, nothing changes. No test has run with such a provider.
 *
 * https://github.com/hashicorp/terraform-provider-aws/pull/44309
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toAwsCall } from '../http/aws-call';
import type { WholeRequest } from '../http/exchange';
import type { TerraformResource, TerraformState } from './terraform-json';

const [TYPE, ARGUMENT] = ['aws_db_proxy', 'default_auth_scheme'] as const;

/** Calls of the RDS API that take the argument, and the argument's name in the API. */
const CALLS = ['CreateDBProxy', 'ModifyDBProxy'];
const API_NAME = 'DefaultAuthScheme';

interface Proxy {
  auth?: { readonly description?: string | null }[];
  default_auth_scheme?: string;
}

interface Configuration {
  readonly terraform?: { readonly required_providers?: { readonly aws?: { version?: string } } };
  readonly resource?: { readonly [TYPE]?: Readonly<Record<string, Proxy>> };
}

const standIn = (value: string): string => `${ARGUMENT} = "${value}"`;

/** Returns the value of the argument in a description, if it contains one. */
const valueIn = (description: string | null | undefined): string | undefined =>
  new RegExp(`^${ARGUMENT} = "(\\w+)"$`).exec(description ?? '')?.[1];

/** The version constraint of a stack that needs the newer provider. */
const NEEDED_CONSTRAINT = '~> 6.15';

/** Whether the configuration in a folder has the argument, or requires a version of the provider that supports it. */
export const needsNewerProvider = (folder: string): boolean =>
  configurations(folder).some(
    ({ content }) =>
      content.terraform?.required_providers?.aws?.version === NEEDED_CONSTRAINT ||
      proxiesOf(content).some((proxy) => proxy.default_auth_scheme !== undefined),
  );

/** Whether Terraform failed because no available provider has a suitable version. */
export const isVersionMissing = (error: unknown): boolean =>
  String(error).replace(/\s+/g, ' ').includes('no available releases match the given constraints');

/** Rewrites the copied configuration in a folder for the older provider. */
export function adaptToOlderProvider(folder: string): void {
  for (const { file, content } of configurations(folder)) {
    delete content.terraform?.required_providers?.aws?.version;
    for (const proxy of proxiesOf(content)) putStandIn(proxy);
    writeFileSync(file, JSON.stringify(content));
  }
}

/** Adds the argument to a call that has a stand-in. The stand-in stays in the call: the older provider later reads it from the API. */
export function toNewerProviderRequest(request: WholeRequest): WholeRequest {
  const call = toAwsCall(request);
  if (call?.service !== 'rds' || !CALLS.includes(call.action ?? '')) return request;
  const parameters = new URLSearchParams(request.body.toString('utf8'));
  const value = [...parameters.values()].map(valueIn).find((found) => found !== undefined);
  if (value === undefined) return request;
  parameters.set(API_NAME, value);
  return { ...request, body: Buffer.from(parameters.toString()) };
}

/** Returns the state as the newer provider would have written it. */
export function toNewerProviderState(state: TerraformState): TerraformState {
  if (state.values === undefined) return state;
  const { root_module: root } = state.values;
  const resources = root.resources?.map((resource) => (resource.type === TYPE ? withArgument(resource) : resource));
  return { ...state, values: { ...state.values, root_module: { ...root, ...(resources && { resources }) } } };
}

function putStandIn(proxy: Proxy): void {
  const { default_auth_scheme: value, auth = [] } = proxy;
  if (value === undefined) return;
  delete proxy.default_auth_scheme;
  proxy.auth = [...auth, { description: standIn(value) }];
}

function withArgument(resource: TerraformResource): TerraformResource {
  const { auth = [] } = resource.values as Proxy;
  const [value] = auth.map(({ description }) => valueIn(description)).filter((found) => found !== undefined);
  if (value === undefined) return resource;
  const ownBlocks = auth.filter(({ description }) => valueIn(description) === undefined);
  return { ...resource, values: { ...resource.values, auth: ownBlocks, [ARGUMENT]: value } };
}

function configurations(folder: string): readonly { readonly file: string; readonly content: Configuration }[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf.json'));
  return files.map((name) => {
    const file = join(folder, name);
    return { file, content: JSON.parse(readFileSync(file, 'utf8')) as Configuration };
  });
}

const proxiesOf = ({ resource }: Configuration): readonly Proxy[] => Object.values(resource?.[TYPE] ?? {});
