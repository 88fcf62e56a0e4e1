/** One condition of a network path. A connection succeeds if all its conditions hold. */
export interface ConnectionCondition {
  /** The condition, as text. */
  readonly needs: string;
  /** What satisfies the condition; not used if there is a barrier. */
  readonly found: string;
  /** The applied resources that decide whether the condition holds. */
  readonly resources: readonly object[];
  /** Why the connection fails; absent if the condition holds. */
  readonly barrier?: Barrier | undefined;
}

export interface Barrier {
  readonly reason: string;
  /** The change that removes the barrier, as text. */
  readonly fix: string;
}

/** Returns why the connection fails: the reason of the first barrier. Returns `undefined` if the connection succeeds. */
export const reasonOfFirstBarrier = (conditions: readonly ConnectionCondition[]): string | undefined =>
  conditions.find(({ barrier }) => barrier !== undefined)?.barrier?.reason;
