import type { TerraformResource, TerraformState } from './terraform-json';

/** What of a state's file is read: https://developer.hashicorp.com/terraform/internals/json-format has no word on it. */
interface StateFile {
  readonly version: number;
  readonly resources: readonly {
    readonly mode: TerraformResource['mode'];
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly attributes: Readonly<Record<string, unknown>>;
      /** Of one that was replaced and is still to be destroyed. */
      readonly deposed?: string;
    }[];
  }[];
}

const VERSION = 4;

/**
 * The resources of AWS in the text of a state's file, as `terraform show -json` tells them. That command loads the provider's
 * schema, which takes three seconds; while Terraform applies, somebody waits for it at each invocation of a function.
 *
 * @returns `undefined` where the text is empty or half written
 * @throws Error where Terraform has begun to write files of another version.
 */
export function readStateFile(text: string): TerraformState | undefined {
  const file = parse(text);
  if (file === undefined) return undefined;
  const { version, resources } = file;
  if (version !== VERSION) throw new Error(`Terraform's state is of version ${version}, and ${VERSION} is read here.`);
  const known = resources.filter(({ type }) => type.startsWith('aws_'));
  return {
    values: {
      root_module: {
        resources: known.flatMap(({ mode, type, name, instances }) =>
          instances
            .filter(({ deposed }) => deposed === undefined)
            .map(({ attributes }) => {
              const address = `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
              return { address, mode, type, name, values: attributes };
            }),
        ),
      },
    },
  };
}

function parse(text: string): StateFile | undefined {
  try {
    return JSON.parse(text) as StateFile;
  } catch {
    return undefined;
  }
}
