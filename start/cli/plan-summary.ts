import { isDeepStrictEqual } from 'node:util';
import type { ResourceChange, TerraformPlan } from '../../local';

/** Terraform's action on a resource. */
type Action = 'add' | 'change' | 'replace' | 'destroy';

/** Effect on callers while a resource of this type is replaced. */
const INTERRUPTED: Readonly<Record<string, string>> = {
  aws_cloudfront_distribution: 'the API has another address',
  aws_db_proxy: 'logins through it fail until the new one is available',
  aws_instance: 'people on the client host lose their sessions',
  aws_lambda_function: 'calls of it fail for a moment',
};

/** Data that is deleted with a resource of this type. Passwords do not count: a deployment generates new ones. */
const DATA: Readonly<Record<string, string>> = {
  aws_db_instance: 'the database, with all its data',
};

/** Maximum number of listed resources that change in place. A change of tags affects nearly all resources. */
const NAMED_CHANGES = 12;

/** Summary of a plan. */
export interface PlanSummary {
  /** Lines with the counts, then the replaced and destroyed resources, then those that change in place. */
  readonly text: string;
  /** Summary after the apply: `3 changed, 1 replaced`. */
  readonly outcome: string;
  /** The deleted data. */
  readonly losses: readonly string[];
}

export function planSummary({ resource_changes: changes = [] }: TerraformPlan): PlanSummary {
  const planned = changes.flatMap((change) => {
    const action = actionOf(change);
    return action === undefined ? [] : [{ ...change, action }];
  });
  const count = (action: Action): number => planned.filter((change) => change.action === action).length;
  const gone = planned.filter(({ action }) => action === 'replace' || action === 'destroy');
  const lines = gone.map(({ action, address, type }) => {
    const notice = action === 'replace' ? INTERRUPTED[type] : undefined;
    return `  ${action === 'replace' ? 'replaces' : 'destroys'} ${address}${notice === undefined ? '' : `: ${notice}`}`;
  });
  const counts = PAST_TENSE.map(([action]) => `${count(action)} to ${action}`).join(', ');
  return {
    text: [counts, ...lines, ...inPlace(planned.filter(({ action }) => action === 'change'))].join('\n'),
    outcome:
      PAST_TENSE.filter(([action]) => count(action) > 0)
        .map(([action, word]) => `${count(action)} ${word}`)
        .join(', ') || 'nothing changed',
    losses: gone.flatMap(({ type, address }) => (DATA[type] === undefined ? [] : [`${DATA[type]} (${address})`])),
  };
}

const PAST_TENSE: readonly (readonly [Action, string])[] = [
  ['add', 'added'],
  ['change', 'changed'],
  ['replace', 'replaced'],
  ['destroy', 'destroyed'],
];

function inPlace(changes: readonly ResourceChange[]): string[] {
  const named = changes.slice(0, NAMED_CHANGES).map((one) => `  changes ${one.address}: ${differing(one).join(', ')}`);
  const rest = changes.length - named.length;
  return rest > 0 ? [...named, `  changes ${rest} more in place`] : named;
}

/**
 * Returns the names of the changed attributes, or of those known only after the apply if there are no others. Omits the values,
 * because they may be secret.
 *
 * `tags_all` repeats `tags`, so it is named only if nothing else changes: a change of the provider's default tags.
 */
function differing({ change: { before, after, after_unknown: unknown } }: ResourceChange): string[] {
  const isUnknown = (name: string): boolean => unknown[name] === true;
  const names = Object.keys({ ...before, ...after }).filter((name) => !isUnknown(name));
  const known = names.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
  if (known.length === 0) return Object.keys(unknown).filter(isUnknown);
  return known.length === 1 ? known : known.filter((name) => name !== 'tags_all');
}

function actionOf({ change: { actions } }: ResourceChange): Action | undefined {
  const [isCreated, isDeleted] = [actions.includes('create'), actions.includes('delete')];
  if (isCreated && isDeleted) return 'replace';
  if (isCreated) return 'add';
  if (isDeleted) return 'destroy';
  return actions.includes('update') ? 'change' : undefined;
}
