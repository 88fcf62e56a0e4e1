import { TerraformVariable, type TerraformStack } from 'cdktf';
import type { Settings } from './settings/settings';

/** Set by `local/` alone; whoever deploys to AWS never sets it. */
const VARIABLE = 'on_one_machine';

/** Terraform's expression for it. */
export const ON_ONE_MACHINE = `var.${VARIABLE}`;

/**
 * Lets Terraform refuse to deploy the values that the shipped environments only show as examples: what they name does not exist,
 * or belongs to someone else. On one machine they do no harm. It is Terraform that refuses, not synth, so that the other
 * environments can be deployed, and because a workspace may replace the offices by variables.
 */
export function refuseExampleValues(stack: TerraformStack, settings: Settings): void {
  const found = exampleValues(settings);
  const variable = new TerraformVariable(stack, VARIABLE, {
    type: 'bool',
    nullable: false,
    default: false,
    description:
      'Whether this is a deployment on one machine, for which example values are good enough. Leave it as it is',
    ...(found.length > 0 && {
      validation: [
        {
          condition: `\${${ON_ONE_MACHINE}}`,
          errorMessage: `Environment ${settings.name} has example values: ${found.join(', ')}. Replace them in its file in environments/.`,
        },
      ],
    }),
  });
  variable.overrideLogicalId(VARIABLE);
}

/** Names with the word, but for `examples`. */
const SAYS_EXAMPLE = /(^|[._-])example([._-]|$)/;

/** https://www.rfc-editor.org/rfc/rfc2606 */
const EXAMPLE_DOMAIN = /(^|[.@])example([.](com|net|org))?$/i;

/** Of AWS's own documentation. */
const EXAMPLE_ACCOUNT = /^(111122223333|123456789012)$/;

/** The offices are not among them: their variables decide, see `edge/office-addresses.ts`. */
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
