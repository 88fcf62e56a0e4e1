import { readFileSync, writeFileSync } from 'node:fs';
import { TerraformProgress } from '../../local';
import { roughly } from './durations';

/**
 * Timeline of an apply. Each point has a share of the planned changes and the seconds after which this share was done. Shares and
 * seconds never fall.
 */
export type Timeline = readonly (readonly [share: number, seconds: number])[];

/**
 * Timeline of dev on two idle cores. Terraform plans until 20 s. During the two long steps, from 40 s and from 138 s, the provider
 * waits for the DB instance and for CloudFront.
 */
const MEASURED_TIMELINE: Timeline = [
  [0, 0],
  [0.005, 20],
  [0.2, 25],
  [0.45, 31],
  [0.75, 40],
  [0.8, 116],
  [0.9, 130],
  [0.99, 138],
  [1, 170],
];

const BAR_WIDTH = 24;

/** Shows the progress of Terraform's apply, and the remaining time, estimated from the last apply of a whole deployment. */
export class ApplyProgress {
  private readonly terraform = new TerraformProgress();
  private readonly expected: Timeline;
  private readonly actual: [share: number, seconds: number][] = [[0, 0]];
  private beganMs: number | undefined;

  /** @param file keeps the timeline of the last apply of a whole deployment; MEASURED_TIMELINE serves until the file exists */
  constructor(private readonly file: string) {
    this.expected = readTimeline(file) ?? MEASURED_TIMELINE;
  }

  /** Starts the clock of the apply. */
  begin(): void {
    this.beganMs = performance.now();
  }

  /** Reads a line of Terraform's output. */
  read(line: string): void {
    const shareBefore = this.share;
    this.terraform.read(line);
    if (this.share > shareBefore) this.actual.push([this.share, this.seconds]);
  }

  /** Estimated seconds until the end. */
  get remaining(): number {
    const [share, reachedAt] = this.actual.at(-1) ?? [0, 0];
    const [, expectedAt] = this.expected.findLast(([earlier]) => earlier <= share) ?? [0, 0];
    const [, nextExpectedAt] = this.expected.find(([later]) => later > share) ?? [1, expectedAt];
    // The position never passes the next expected point, because Terraform has not reached the share of that point yet.
    const position = Math.min(expectedAt + (this.seconds - reachedAt), nextExpectedAt);
    return (this.expected.at(-1)?.[1] ?? 0) - position;
  }

  toString(): string {
    const filled = Math.round(this.share * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    return `${bar} ${this.terraform.toString()}, about ${roughly(this.remaining)} left`;
  }

  /** Progress of an apply that changes a deployment. Shows no remaining time: the timeline describes the apply of a whole deployment. */
  get counts(): string {
    return this.terraform.toString();
  }

  /** Stores the timeline, for the estimate of the next apply. */
  keep(): void {
    writeFileSync(this.file, JSON.stringify([...this.actual, [1, this.seconds]]));
  }

  /** Share of the planned changes that is done. */
  private get share(): number {
    const { planned, done } = this.terraform;
    return planned === 0 ? 0 : done / planned;
  }

  /** Seconds since the start of the apply; 0 before it. */
  private get seconds(): number {
    return this.beganMs === undefined ? 0 : (performance.now() - this.beganMs) / 1_000;
  }
}

/** Reads a timeline; `undefined` if there was no apply yet or the file is not a timeline. */
function readTimeline(file: string): Timeline | undefined {
  try {
    const timeline = JSON.parse(readFileSync(file, 'utf8')) as Timeline;
    const isTimeline = timeline.length > 0 && timeline.every(([share, seconds]) => Number.isFinite(share + seconds));
    return isTimeline ? timeline : undefined;
  } catch {
    return undefined;
  }
}
