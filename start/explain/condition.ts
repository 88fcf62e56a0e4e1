import type { Applied } from '../../local';
import type { ConnectionCondition } from '../../local/decisions';

/** One condition of a login, checked against the applied state. */
export interface Finding {
  /** The condition, as text. */
  readonly needs: string;
  /** What the state has, as text. */
  readonly found: string;
  /** Resources that decide whether the condition holds; `undefined` for a missing one. */
  readonly resources: readonly (object | undefined)[];
  /** What to change; absent if the condition holds. */
  readonly fix?: string | undefined;
}

/** A finding with the addresses of its resources in Terraform's state. */
export interface LoginCondition extends Omit<Finding, 'resources'> {
  readonly holds: boolean;
  readonly where: readonly string[];
}

export function toCondition(applied: Applied, { needs, found, resources, fix }: Finding): LoginCondition {
  const where = resources.flatMap((values) => (values ? [applied.addressOf(values)] : []));
  return { needs, holds: fix === undefined, found, where: [...new Set(where)], fix };
}

/** Converts a condition of the network path. The local AWS tests the same condition before it allows a connection. */
export const fromConnectionCondition = ({ needs, found, resources, barrier }: ConnectionCondition): Finding => ({
  needs,
  found: barrier?.reason ?? found,
  resources,
  fix: barrier?.fix,
});
