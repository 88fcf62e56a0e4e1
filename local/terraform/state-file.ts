import type { TerraformResource, TerraformState } from './terraform-json';

/**
 * The parts of a state file that this module reads. Terraform does not document this format, only that of `terraform show -json`:
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
interface StateFile {
  readonly version: number;
  readonly serial: number;
  readonly resources: readonly {
    readonly mode: TerraformResource['mode'];
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly attributes: Readonly<Record<string, unknown>>;
      /** Present for a replaced object that is not destroyed yet. */
      readonly deposed?: string;
    }[];
  }[];
}

const VERSION = 4;

/**
 * Reads the AWS resources from the text of a state file, and returns them in the format of `terraform show -json`. That command takes
 * three seconds longer, because it loads the provider's schema. During an apply, the state is read again for each invocation of a
 * function.
 *
 * @returns `undefined` if the text is empty or incomplete
 * @throws Error if the file has an unsupported version.
 */
export function parseStateFile(text: string): TerraformState | undefined {
  const file = parse(text);
  if (file === undefined) return undefined;
  const { version, resources } = file;
  if (version !== VERSION) throw new Error(`A state must have version ${VERSION}, got ${version}. Use Terraform 1.`);
  const awsResources = resources.filter(({ type }) => type.startsWith('aws_'));
  return {
    values: {
      root_module: {
        resources: awsResources.flatMap(({ mode, type, name, instances }) =>
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

/** A state in which every function has the hash of its deployed code. */
export interface CorrectedState {
  readonly text: string;
  /** Addresses of the functions whose hash was corrected. */
  readonly functions: readonly string[];
}

/**
 * Corrects the hashes of functions whose update failed. The provider keeps the planned hash of the code even if the upload failed
 * or was interrupted. It never compares the hash with the deployed code, so no later plan would upload the new code.
 *
 * https://github.com/hashicorp/terraform-provider-aws/issues/41092
 */
export function withDeployedCode(text: string): CorrectedState {
  const file = parse(text);
  if (file === undefined) return { text, functions: [] };
  const functions: string[] = [];
  const resources = file.resources.map((resource) => {
    if (resource.mode !== 'managed' || resource.type !== 'aws_lambda_function') return resource;
    const instances = resource.instances.map((instance) => {
      const { code_sha256: deployed, source_code_hash: planned } = instance.attributes;
      if (!deployed || !planned || deployed === planned) return instance;
      functions.push(`${resource.type}.${resource.name}`);
      return { ...instance, attributes: { ...instance.attributes, source_code_hash: deployed } };
    });
    return { ...resource, instances };
  });
  if (functions.length === 0) return { text, functions };
  return { text: JSON.stringify({ ...file, serial: file.serial + 1, resources }, undefined, 2), functions };
}

function parse(text: string): StateFile | undefined {
  try {
    return JSON.parse(text) as StateFile;
  } catch {
    return undefined;
  }
}
