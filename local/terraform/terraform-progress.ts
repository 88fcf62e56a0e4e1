/** Matches the start, a wait or the end of one change. Captures the address, the word before `complete`, and the waiting time. */
const CHANGE =
  /^(.+?): (?:Creating|Modifying|Destroying|Still (?:creating|modifying|destroying)|(Creation|Modifications|Destruction) complete)\b(?:.*?(\w+) elapsed\])?/;

/** Progress of an apply, from Terraform's output. As in Terraform's counts, a replaced resource counts twice. */
export class TerraformProgress {
  /** Number of resources that the plan creates, changes or destroys; 0 until Terraform prints the plan. */
  planned = 0;
  /** Number of finished resources. */
  done = 0;
  /** Resources in progress by address, with the waiting time that Terraform prints. */
  private readonly running = new Map<string, string>();

  /** Reads a line of Terraform's output. @returns the progress as one line: `98 of 170 resources, waiting for aws_db_instance (40s)` */
  read(line: string): string {
    const [, address, end, elapsed = ''] = CHANGE.exec(line) ?? [];
    const counts = /^Plan: (\d+) to add, (\d+) to change, (\d+) to destroy/.exec(line)?.slice(1);
    if (counts) this.planned = counts.reduce((sum, count) => sum + Number(count), 0);
    if (address === undefined) return this.toString();
    if (end === undefined) this.running.set(address, elapsed);
    else {
      this.done += 1;
      this.running.delete(address);
    }
    return this.toString();
  }

  toString(): string {
    if (this.planned === 0) return 'planning';
    const { waitingFor } = this;
    return `${this.done} of ${this.planned} resources${waitingFor === undefined ? '' : `, waiting for ${waitingFor}`}`;
  }

  /** Returns the type of the unfinished resource that has taken longest, with its time: `aws_db_instance (40s)`. */
  private get waitingFor(): string | undefined {
    const [slowest] = [...this.running].filter(([, elapsed]) => elapsed !== '').sort(longestFirst);
    return slowest && `${slowest[0].split('.')[0] ?? ''} (${slowest[1]})`;
  }
}

const secondsOf = (elapsed: string): number => {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(elapsed) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
};

const longestFirst = ([, a]: [string, string], [, b]: [string, string]): number => secondsOf(b) - secondsOf(a);
