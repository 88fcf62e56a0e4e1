import type { z } from 'zod';
import { carve } from './cidr';
import type { FieldRule } from './fields';
import { SettingsError, type Problem } from './problem';
import { capacityRules } from './rules/capacity';
import { edgeRules } from './rules/edge';
import { loginRules } from './rules/login';
import { networkRules, SLOT_BITS, TIERS, ZONES_PER_TIER } from './rules/network';
import type { ParsedSettings, Rule } from './rules/rule';
import { schema } from './schema';

/** What an environment says: only what differs from the defaults. */
export type Environment = z.input<typeof schema>;

/** What the modules read: everything filled in, everything checked. */
export interface Settings extends ParsedSettings {
  readonly network: ParsedSettings['network'] & { readonly subnets: Subnets };
}

type Subnets = NonNullable<ParsedSettings['network']['subnets']>;
type Issue = z.core.$ZodIssue;

const rules: readonly Rule[] = [...networkRules, ...loginRules, ...capacityRules, ...edgeRules];

/**
 * Fills in the defaults and checks every rule.
 *
 * @throws SettingsError that lists everything wrong with the environment, not only the first.
 */
export function parseSettings(environment: Environment): Settings {
  const problems: Problem[] = [];
  // A rule between settings runs although other settings are wrong, so that one run of synth tells everything.
  const checked = schema.superRefine((settings, context) => {
    const wrong = context.issues.filter((issue) => issue.code !== 'unrecognized_keys').map(pathOf);
    const runnable = rules.filter((rule) => !rule.reads.some((path) => wrong.some((other) => touches(path, other))));
    problems.push(...runnable.flatMap((rule) => rule.check(settings)));
  }, alwaysRun);

  const result = checked.safeParse(environment);
  problems.unshift(...(result.error?.issues ?? []).flatMap((issue) => toProblems(issue, environment)));
  if (problems.length > 0 || !result.success) throw new SettingsError(nameOf(environment), problems);
  return { ...result.data, network: { ...result.data.network, subnets: subnetsOf(result.data) } };
}

const alwaysRun = { when: (): boolean => true };

const pathOf = (issue: { readonly path?: readonly PropertyKey[] | undefined }): string =>
  (issue.path ?? []).map(String).join('.');

/** Whether one path is the other, or lies inside it. */
function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`) || other === '';
}

function toProblems(issue: Issue, environment: unknown): Problem[] {
  const setting = pathOf(issue);
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    environment,
  );
  const required =
    value === undefined
      ? 'The setting has no default. Add it.'
      : 'Correct it; docs/settings.md tells what each setting means.';
  switch (issue.code) {
    case 'custom': {
      const { rule, remedy } = issue.params as unknown as FieldRule;
      return [{ setting, rule, value, remedy }];
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        setting: setting === '' ? key : `${setting}.${key}`,
        rule: 'is no setting',
        value: (value as Record<string, unknown>)[key],
        remedy: 'Correct its spelling or remove it; docs/settings.md lists the settings.',
      }));
    case 'invalid_value':
      return [{ setting, rule: `must be one of ${issue.values.map(String).join(', ')}`, value, remedy: required }];
    case 'invalid_union':
      return [{ setting, rule: `must be one of ${unionValues(issue)}`, value, remedy: required }];
    case 'invalid_type':
      return [{ setting, rule: `must be ${article(issue.expected)}`, value, remedy: required }];
    default:
      return [{ setting, rule: issue.message, value, remedy: required }];
  }
}

const unionValues = (issue: Issue): string =>
  'options' in issue ? (issue.options as unknown[]).map(String).join(', ') : '';

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

const nameOf = (environment: Environment): string => String((environment as { name?: unknown } | undefined)?.name);

function subnetsOf({ network }: ParsedSettings): Subnets {
  if (network.subnets) return network.subnets;
  const slots = carve(network.cidr, SLOT_BITS, TIERS.length * ZONES_PER_TIER);
  const blocksOf = (tier: keyof Subnets): string[] => {
    const first = TIERS.indexOf(tier) * ZONES_PER_TIER;
    return slots.slice(first, first + network.zones.length);
  };
  return { public: blocksOf('public'), private: blocksOf('private'), database: blocksOf('database') };
}
