/** One condition of a way through the network: a connection gets through where all of them hold. */
export interface Hop {
  /** The condition, as a person reads it. */
  readonly needs: string;
  /** What was found, where it holds. */
  readonly found: string;
  /** Values of the applied resources that decide. */
  readonly resources: readonly object[];
  /** Why the connection does not get through. @default - the condition holds */
  readonly barrier?: Barrier | undefined;
}

export interface Barrier {
  readonly reason: string;
  /** What to change, for a person. */
  readonly fix: string;
}

/** Why a connection does not get through, or `undefined` where it does. */
export const firstBarrier = (hops: readonly Hop[]): string | undefined =>
  hops.find(({ barrier }) => barrier !== undefined)?.barrier?.reason;
