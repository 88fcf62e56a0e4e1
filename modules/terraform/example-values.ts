import { TerraformVariable, type TerraformStack } from 'cdktf';
import type { Settings } from '../settings/settings';

/** Variable that only `local/` sets. A deployment to AWS must not set it. */
const VARIABLE = 'on_one_machine';

/** Terraform expression for the variable. */
export const ON_ONE_MACHINE = `var.${VARIABLE}`;

/**
 * Makes Terraform refuse example values, such as those of the shipped environments. Such values name resources that belong to
 * others or do not exist. The deployment on one machine accepts example values, because they do no harm there. Synth accepts them
 * too, because it reads all environments, and one with example values must not block the others.
 */
export function refuseExampleValues(stack: TerraformStack, settings: Settings): void {
  const examples = exampleValues(settings);
  const variable = new TerraformVariable(stack, VARIABLE, {
    type: 'bool',
    nullable: false,
    default: false,
    description: 'Whether this is a deployment on one machine, where example values are allowed. Do not set it',
    ...(examples.length > 0 && {
      validation: [
        {
          condition: `\${${ON_ONE_MACHINE}}`,
          errorMessage: `Environment ${settings.name} has example values: ${examples.join(', ')}. Replace them in its file in environments/.`,
        },
      ],
    }),
  });
  variable.overrideLogicalId(VARIABLE);
}

/** Matches names that contain the word `example`, but not `examples`. */
const SAYS_EXAMPLE = /(^|[._-])example([._-]|$)/;

/** https://www.rfc-editor.org/rfc/rfc2606 */
const EXAMPLE_DOMAIN = /(^|[.@])example([.](com|net|org))?$/i;

/** Account ids of AWS's documentation. */
const EXAMPLE_ACCOUNT = /^(111122223333|123456789012)$/;

/**
 * Lists the example values except office addresses. `edge/office-addresses.ts` makes Terraform check the offices, because variables
 * of a Terraform Cloud workspace can change them after synth.
 */
function exampleValues({ accountId, backend, alarms, edge: { customDomain } }: Settings): string[] {
  const values: Readonly<Record<string, readonly [string | undefined, RegExp]>> = {
    accountId: [accountId, EXAMPLE_ACCOUNT],
    'backend.bucket': [backend.type === 's3' ? backend.bucket : undefined, SAYS_EXAMPLE],
    'backend.organization': [backend.type === 'cloud' ? backend.organization : undefined, SAYS_EXAMPLE],
    'alarms.email': [alarms.enabled ? alarms.email : undefined, EXAMPLE_DOMAIN],
    'edge.customDomain.domainName': [customDomain.enabled ? customDomain.domainName : undefined, EXAMPLE_DOMAIN],
  };
  return Object.entries(values).flatMap(([setting, [value, pattern]]) =>
    value !== undefined && pattern.test(value) ? [`${setting} ${value}`] : [],
  );
}
