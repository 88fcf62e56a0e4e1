import type { Applied } from '../applied';
import type { Hop } from '../network/hop';

/** One condition of a login, with what was found of it in the applied state. */
export interface Condition {
  /** What must hold, as a person reads it. */
  readonly needs: string;
  readonly holds: boolean;
  readonly found: string;
  /** Addresses of the resources in Terraform's state that decide. */
  readonly where: readonly string[];
  /** What to change where it does not hold. */
  readonly fix?: string;
}

/** A condition before the addresses of its resources are looked up. */
export interface Finding {
  readonly needs: string;
  readonly found: string;
  /** Values of the resources that decide. */
  readonly resources: readonly (object | undefined)[];
  /** What to change. @default - the condition holds */
  readonly fix?: string | undefined;
}

export function toCondition(applied: Applied, { needs, found, resources, fix }: Finding): Condition {
  const where = resources.flatMap((values) => (values ? [applied.addressOf(values)] : []));
  return { needs, holds: fix === undefined, found, where: [...new Set(where)], ...(fix !== undefined && { fix }) };
}

/** A condition of the way through the network, as the services of one machine decide it. */
export const fromHop = ({ needs, found, resources, barrier }: Hop): Finding => ({
  needs,
  found: barrier?.reason ?? found,
  resources,
  fix: barrier?.fix,
});
