/** When a piece of work must be over. Its steps share the time that is left. */
export class Deadline {
  private readonly end: number;

  constructor(milliseconds: number) {
    this.end = performance.now() + milliseconds;
  }

  get isOver(): boolean {
    return performance.now() >= this.end;
  }

  /** Milliseconds that a step may take: its own limit, or what is left. Never 0, which the driver takes for no limit. */
  limit(milliseconds: number): number {
    return Math.max(1, Math.ceil(Math.min(milliseconds, this.end - performance.now())));
  }
}
