import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toAwsCall } from '../http/aws-call';
import type { WholeRequest } from '../http/exchange';
import type { TerraformResource, TerraformState } from './terraform-json';

/**
 * Lets a configuration that needs a newer AWS provider be applied by an older one, where this machine has no other.
 *
 * One argument is concerned, `default_auth_scheme` of `aws_db_proxy`, which provider 6.15 has and 5.100 refuses. In the copy
 * of the configuration that Terraform works on here, an `auth` block whose description is the argument takes its place, and
 * the constraint on the provider's version goes. The block travels through the older provider to AWS and back: the control
 * plane adds the argument to the call, as the newer provider would, and who reads the state gets the argument again.
 *
 * Nothing is changed where Terraform finds a provider that the configuration takes. The README of this package
 * says what this leaves untested.
 *
 * https://github.com/hashicorp/terraform-provider-aws/pull/44309
 */
const [TYPE, ARGUMENT] = ['aws_db_proxy', 'default_auth_scheme'] as const;

/** The calls to which the newer provider adds the argument, by its name in the RDS API. */
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

/** The value of the argument for which a description stands in, if it does. */
const valueIn = (description: string | null | undefined): string | undefined =>
  new RegExp(`^${ARGUMENT} = "(\\w+)"$`).exec(description ?? '')?.[1];

/** Whether the configuration in a folder has the argument. */
export const needsNewerProvider = (folder: string): boolean =>
  configurations(folder).some(({ content }) =>
    proxiesOf(content).some((proxy) => proxy.default_auth_scheme !== undefined),
  );

/** Whether Terraform failed because no provider that it can get has a version that the configuration takes. */
export const isVersionMissing = (error: unknown): boolean =>
  String(error).replace(/\s+/g, ' ').includes('no available releases match the given constraints');

/** Changes the configuration in a folder, a copy, to what the older provider takes. */
export function adaptToOlderProvider(folder: string): void {
  for (const { file, content } of configurations(folder)) {
    delete content.terraform?.required_providers?.aws?.version;
    for (const proxy of proxiesOf(content)) putStandIn(proxy);
    writeFileSync(file, JSON.stringify(content));
  }
}

/** The call as the newer provider sends it, with the argument. Other calls stay as they are. */
export function asNewerProviderSends(request: WholeRequest): WholeRequest {
  const call = toAwsCall(request);
  if (call?.service !== 'rds' || !CALLS.includes(call.action ?? '')) return request;
  const parameters = new URLSearchParams(request.body.toString('utf8'));
  const value = [...parameters.values()].map(valueIn).find((found) => found !== undefined);
  if (value === undefined) return request;
  parameters.set(API_NAME, value);
  return { ...request, body: Buffer.from(parameters.toString()) };
}

/** The state as the newer provider reads it. */
export function asNewerProviderReads(state: TerraformState): TerraformState {
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
  const real = auth.filter(({ description }) => valueIn(description) === undefined);
  return { ...resource, values: { ...resource.values, auth: real, [ARGUMENT]: value } };
}

function configurations(folder: string): readonly { readonly file: string; readonly content: Configuration }[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf.json'));
  return files.map((name) => {
    const file = join(folder, name);
    return { file, content: JSON.parse(readFileSync(file, 'utf8')) as Configuration };
  });
}

const proxiesOf = ({ resource }: Configuration): readonly Proxy[] => Object.values(resource?.[TYPE] ?? {});
