/** How far an apply is, from the lines that Terraform prints. A resource that is replaced counts twice, as Terraform counts it. */
export class TerraformProgress {
  /** Resources that the plan creates, changes or destroys; 0 while Terraform plans. */
  planned = 0;
  /** Those that are done. */
  done = 0;
  /** By address, and how long Terraform has waited for each, as it prints it. */
  private readonly running = new Map<string, string>();

  /** @returns one line for a person: `98 of 170 resources, waiting for aws_db_instance (40s)` */
  read(line: string): string {
    const [, address = '', rest = ''] = /^([\w.-]+): (.*)$/.exec(line) ?? [];
    const counts = /^Plan: (\d+) to add, (\d+) to change, (\d+) to destroy/.exec(line)?.slice(1);
    if (counts) this.planned = counts.reduce((sum, count) => sum + Number(count), 0);
    if (/^(Creation|Modifications|Destruction) complete/.test(rest)) {
      this.done += 1;
      this.running.delete(address);
    } else if (/^(Creating|Modifying|Destroying|Still \w+)/.test(rest)) {
      this.running.set(address, /(\w+) elapsed\]/.exec(rest)?.[1] ?? '');
    }
    return this.toString();
  }

  toString(): string {
    if (this.planned === 0) return 'planning';
    const { waitingFor } = this;
    return `${this.done} of ${this.planned} resources${waitingFor === undefined ? '' : `, waiting for ${waitingFor}`}`;
  }

  /** Type of the resource that has taken longest so far, with its time: `aws_db_instance (40s)`. */
  private get waitingFor(): string | undefined {
    const [slowest] = [...this.running].filter(([, elapsed]) => elapsed !== '').sort(byElapsed);
    return slowest && `${slowest[0].split('.')[0] ?? ''} (${slowest[1]})`;
  }
}

const secondsOf = (elapsed: string): number => {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(\d+)s$/.exec(elapsed) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

const byElapsed = ([, one]: [string, string], [, other]: [string, string]): number => secondsOf(other) - secondsOf(one);
