/** Time limit for work of several steps. The steps share the remaining time. */
export class Deadline {
  private readonly end: number;

  constructor(milliseconds: number) {
    this.end = performance.now() + milliseconds;
  }

  get isOver(): boolean {
    return performance.now() >= this.end;
  }

  /** Signal that aborts at the deadline, for steps that accept an `AbortSignal`. `undefined` if the deadline is infinite. */
  get signal(): AbortSignal | undefined {
    return this.end === Infinity ? undefined : AbortSignal.timeout(this.limit(Infinity));
  }

  /** Caps the limit of one step, in milliseconds, at the remaining time. Returns at least 1, because the driver takes 0 as no limit. */
  limit(milliseconds: number): number {
    return Math.max(1, Math.ceil(Math.min(milliseconds, this.end - performance.now())));
  }
}
