/** Terraform prints several lines per second. A line that is not a milestone is dropped if it follows a printed line within this time. */
const INTERVAL_MS = 5_000;

/** Returns a function that prints Terraform's milestones, and some of its other lines. @param name begins each line */
export function progressPrinter(name: string): (line: string) => void {
  const started = Date.now();
  let printedAt = 0;
  return (line) => {
    const isMilestone = /^(Terraform |Plan:|Apply complete|Destroy complete)/.test(line);
    if (line.trim() === '' || (!isMilestone && Date.now() - printedAt < INTERVAL_MS)) return;
    printedAt = Date.now();
    process.stderr.write(`${name} ${Math.round((printedAt - started) / 1000)} s: ${line}\n`);
  };
}
