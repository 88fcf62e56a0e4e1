/** How far an apply is, from the lines that Terraform prints. */
export class TerraformProgress {
  private planned = 0;
  private done = 0;
  private readonly running = new Map<string, string>();

  /** @returns one line for a person: `98 of 170 resources, waiting for aws_db_instance (40s)` */
  read(line: string): string {
    const [, address = '', rest = ''] = /^([\w.-]+): (.*)$/.exec(line) ?? [];
    const added = /^Plan: (\d+) to add/.exec(line)?.[1];
    if (added !== undefined) this.planned = Number(added);
    if (/^Creation complete/.test(rest)) {
      this.done += 1;
      this.running.delete(address);
    } else if (/^(Creating|Still creating)/.test(rest)) {
      this.running.set(address, /\[(\S+) elapsed\]/.exec(rest)?.[1] ?? '');
    }
    return this.toString();
  }

  toString(): string {
    if (this.planned === 0) return 'planning';
    const [slowest] = [...this.running].filter(([, elapsed]) => elapsed !== '').sort(byElapsed);
    const waiting = slowest ? `, waiting for ${slowest[0].split('.')[0] ?? ''} (${slowest[1]})` : '';
    return `${this.done} of ${this.planned} resources${waiting}`;
  }
}

const secondsOf = (elapsed: string): number => {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(\d+)s$/.exec(elapsed) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

const byElapsed = ([, one]: [string, string], [, other]: [string, string]): number => secondsOf(other) - secondsOf(one);
