import { isDeepStrictEqual } from 'node:util';
import type { ResourceChange, TerraformPlan } from '../../local';

/** Terraform's action on a resource. */
type Action = 'add' | 'change' | 'replace' | 'destroy';

/** What callers and users notice when a resource of this type is replaced. */
const INTERRUPTIONS: Readonly<Record<string, string>> = {
  aws_cloudfront_distribution: 'the API gets another address',
  aws_db_proxy: 'logins through it fail until the new one is available',
  aws_instance: 'people on the client host lose their sessions',
  aws_lambda_function: 'its calls fail for a moment',
};

/** Data that is deleted with a resource of this type. Passwords do not count, because a deployment generates new ones. */
const DELETED_DATA: Readonly<Record<string, string>> = {
  aws_db_instance: 'the database, with all its data',
};

/** Limit for the list of resources that change in place. A change of tags affects nearly all resources. */
const MAX_LISTED_CHANGES = 12;

/** Summary of a plan. */
export interface PlanSummary {
  /** Lines with the counts, then the replaced and destroyed resources, then those that change in place. */
  readonly text: string;
  /** Summary after the apply: `3 changed, 1 replaced`. */
  readonly outcome: string;
  /** Descriptions of the data that the apply deletes. */
  readonly losses: readonly string[];
}

export function planSummary({ resource_changes: changes = [] }: TerraformPlan): PlanSummary {
  const planned = changes.flatMap((change) => {
    const action = actionOf(change);
    return action === undefined ? [] : [{ ...change, action }];
  });
  const count = (action: Action): number => planned.filter((change) => change.action === action).length;
  const deleted = planned.filter(({ action }) => action === 'replace' || action === 'destroy');
  const lines = deleted.map(({ action, address, type }) => {
    if (action === 'destroy') return `  destroys ${address}`;
    const interruption = INTERRUPTIONS[type];
    return `  replaces ${address}${interruption === undefined ? '' : `: ${interruption}`}`;
  });
  const counts = PAST_TENSE.map(([action]) => `${count(action)} to ${action}`).join(', ');
  return {
    text: [counts, ...lines, ...linesInPlace(planned.filter(({ action }) => action === 'change'))].join('\n'),
    outcome:
      PAST_TENSE.filter(([action]) => count(action) > 0)
        .map(([action, word]) => `${count(action)} ${word}`)
        .join(', ') || 'nothing changed',
    losses: deleted.flatMap(({ type, address }) =>
      DELETED_DATA[type] === undefined ? [] : [`${DELETED_DATA[type]} (${address})`],
    ),
  };
}

const PAST_TENSE: readonly (readonly [Action, string])[] = [
  ['add', 'added'],
  ['change', 'changed'],
  ['replace', 'replaced'],
  ['destroy', 'destroyed'],
];

function linesInPlace(changes: readonly ResourceChange[]): string[] {
  const listed = changes
    .slice(0, MAX_LISTED_CHANGES)
    .map((change) => `  changes ${change.address}: ${changedAttributes(change).join(', ')}`);
  const rest = changes.length - listed.length;
  return rest > 0 ? [...listed, `  changes ${rest} more in place`] : listed;
}

/**
 * Returns the names of the changed attributes. If there are none, returns the names of those that are known only after the apply.
 * Omits the values, because they may be secret.
 *
 * `tags_all` repeats `tags`, so it is named only if it alone changes. This happens if the provider's default tags change.
 */
function changedAttributes({ change: { before, after, after_unknown: unknown } }: ResourceChange): string[] {
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
