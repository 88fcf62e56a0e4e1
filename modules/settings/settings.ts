import type { z } from 'zod';
import { carve } from './cidr';
import { didYouMean } from './closest';
import type { FieldRule } from './fields';
import { unknownSetting } from './unknown-setting';
import { reportOf, SettingsError, type Problem } from './problem';
import { capacityRules } from './rules/capacity';
import { connectionRules, maxConnectionsOf } from './rules/connections';
import { databaseRules } from './rules/database';
import { edgeRules } from './rules/edge';
import { loginRules } from './rules/login';
import { networkRules, SLOT_BITS, TIERS, ZONES_PER_TIER } from './rules/network';
import { valueAt, withValues, type ParsedSettings } from './rules/rule';
import { schema } from './schema';

/** Settings as an environment's file has them: each setting with a default may be absent. */
export type Environment = z.input<typeof schema>;

/** Complete, validated settings, which the modules read. */
export interface Settings extends ParsedSettings {
  readonly network: ParsedSettings['network'] & { readonly subnets: Subnets };
  readonly database: ParsedSettings['database'] & { readonly maxConnections: number };
}

type Subnets = NonNullable<ParsedSettings['network']['subnets']>;

const rules = [networkRules, loginRules, databaseRules, capacityRules, connectionRules, edgeRules].flat();

/**
 * Adds the defaults and checks every rule.
 *
 * @throws SettingsError that lists all problems, not only the first. A rule whose settings are invalid is not checked.
 */
export function parseSettings(environment: Environment): Settings {
  const problems: Problem[] = [];
  // Rules that relate several settings run even if other settings are wrong, so that one synth reports as many problems as possible.
  const alwaysRun = { when: (): boolean => true };
  const checked = schema.superRefine((settings, context) => {
    // zod reports an unknown setting under the path of its group. Such an issue stops no rule, because the group's other settings can
    // be valid.
    const invalid = context.issues
      .filter((issue) => issue.code !== 'unrecognized_keys')
      .map(({ path = [] }) => dotted(path));
    const runnable = rules.filter((rule) => !rule.reads.some((path) => invalid.some((other) => touches(path, other))));
    problems.push(...runnable.flatMap((rule) => withValues(rule.check(settings), settings)));
  }, alwaysRun);

  const result = checked.safeParse(environment);
  problems.unshift(...(result.error?.issues ?? []).flatMap((issue) => toProblems(issue, environment)));
  if (problems.length > 0 || !result.success) throw new SettingsError(reportOf(environment.name, problems));
  const { network, database } = result.data;
  return {
    ...result.data,
    network: { ...network, subnets: subnetsOf(result.data) },
    database: { ...database, maxConnections: maxConnectionsOf(database) },
  };
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Returns whether two paths are equal or one is inside the other. */
function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function toProblems(issue: z.core.$ZodIssue, environment: unknown): Problem[] {
  // If no form of a union fits, zod reports the field that selects the form. The setting is the object around that field.
  const path = issue.code === 'invalid_union' ? issue.path.slice(0, -1) : issue.path;
  const setting = dotted(path);
  const value = valueAt(environment, path);
  const remedyIfMissing = value === undefined ? 'The setting is required. Add it.' : undefined;
  const problem = (rule: string, remedy: string): Problem[] => [{ setting, rule, value, remedy }];
  switch (issue.code) {
    case 'custom': {
      const { rule, remedy } = issue.params as unknown as FieldRule;
      return problem(rule, typeof remedy === 'string' ? remedy : remedy(value));
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        setting: dotted([...path, key]),
        value: valueAt(value, [key]),
        ...unknownSetting(path, key),
      }));
    case 'invalid_value': {
      const values = issue.values.map(String);
      const remedy = `${didYouMean(value, values)}Write a listed value exactly as shown.`;
      return problem(`must be ${CHOICE.format(values)}`, remedyIfMissing ?? remedy);
    }
    case 'invalid_union':
      return problem(
        issue.message,
        `Write one of these forms. The field "${issue.discriminator ?? ''}" selects the form.`,
      );
    case 'invalid_type': {
      // If the value of a union is not an object, zod reports `invalid_type` with a message from union.ts, which begins with “must be”.
      const isChoice = issue.message.startsWith('must be');
      const rule = isChoice ? issue.message : `must be ${withArticle(issue.expected)}`;
      const remedy = isChoice ? 'Write one of these forms.' : (HOW_TO_WRITE[issue.expected] ?? 'Correct it.');
      return problem(rule, remedyIfMissing ?? remedy);
    }
    default:
      return problem(issue.message, remedyIfMissing ?? 'Correct it.');
  }
}

/** Joins values with commas, and `or` before the last. */
const CHOICE = new Intl.ListFormat('en-GB', { type: 'disjunction' });

const HOW_TO_WRITE: Readonly<Record<string, string>> = {
  boolean: 'Write true or false, without quotes.',
  number: 'Write a number, without quotes.',
  string: 'Write it in quotes.',
  array: 'Write a list in brackets, even for a single entry: ["…"].',
  object: 'Write an object, { … }, that contains the settings of this group; docs/settings.md lists them.',
  record: 'Write an object, as in { team: "platform" }.',
};

const withArticle = (type: string): string => {
  const word = { array: 'list', record: 'object' }[type] ?? type;
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
};

function subnetsOf({ network }: ParsedSettings): Subnets {
  if (network.subnets) return network.subnets;
  const slots = carve(network.cidr, SLOT_BITS, TIERS.length * ZONES_PER_TIER);
  const blocksOf = (tier: keyof Subnets): string[] => {
    const first = TIERS.indexOf(tier) * ZONES_PER_TIER;
    return slots.slice(first, first + network.zones.length);
  };
  return { public: blocksOf('public'), private: blocksOf('private'), database: blocksOf('database') };
}
