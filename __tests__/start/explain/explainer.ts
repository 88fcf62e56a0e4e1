import { Applied } from '../../../local';
import type { LoginCondition } from '../../../start/explain/condition';
import type { ZipOf } from '../../../start/explain/condition-inputs';
import { explain, type Explanation } from '../../../start/explain/explain';
import { ChangedState } from '../../one-machine/support/changed-state';
import type { Change } from '../../one-machine/support/running-deployment';
import type { PlannedDeployment } from './planned-state';

/**
 * A mistake in a deployment (`title`, `change`), the function or user whose login it breaks, and the first unmet condition with its fix.
 */
export type Mistake = [title: string, name: string, change: Change, needs: RegExp, fix: RegExp];

/** Returns a function that changes a copy of a deployment's state, and explains the logins of a function or user in that copy. */
export const explainer =
  ({ state: original, zipOf: originalZips }: PlannedDeployment) =>
  (name: string, change: Change = () => undefined, zipOf: ZipOf = originalZips): Explanation[] => {
    const state = new ChangedState(original);
    change(state);
    return explain(new Applied(state.state), name, zipOf);
  };

/** Returns the environment variables of the function of a route, to read or change. */
export const variablesOf = (state: ChangedState, route: string): Record<string, string> =>
  state.one('aws_lambda_function', `functions_${route}_`)['environment'][0].variables;

/** Lists the conditions of one section, for example `Proxy`. */
export const conditionsIn = (explanations: readonly Explanation[], section: string): LoginCondition[] =>
  explanations.flatMap(({ sections }) =>
    sections.filter(({ title }) => title === section).flatMap(({ conditions }) => conditions),
  );
