import type { TerraformResource, TerraformState } from './terraform-json';

/** The used parts of a state file, which https://developer.hashicorp.com/terraform/internals/json-format does not document. */
interface StateFile {
  readonly version: number;
  readonly resources: readonly {
    readonly mode: TerraformResource['mode'];
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly attributes: Readonly<Record<string, unknown>>;
      /** Set for an object that was replaced and is not destroyed yet. */
      readonly deposed?: string;
    }[];
  }[];
}

const VERSION = 4;

/**
 * Reads the AWS resources in the text of a state file, as `terraform show -json` prints them. That command loads the
 * provider's schema, which would delay each invocation of a function during an apply by three seconds.
 *
 * @returns `undefined` if the text is empty or incomplete
 * @throws Error if the file has an unsupported version.
 */
export function readStateFile(text: string): TerraformState | undefined {
  const file = parse(text);
  if (file === undefined) return undefined;
  const { version, resources } = file;
  if (version !== VERSION) throw new Error(`Terraform's state has version ${version}. Supported: ${VERSION}.`);
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
