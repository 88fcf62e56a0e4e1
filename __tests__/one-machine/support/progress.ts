/** Minimum time between two printed lines that are not results: Terraform prints several lines per second. */
const INTERVAL_MS = 5_000;

/** Returns a function that prints Terraform's results, and its other lines at intervals. @param name begins each line */
export function progressPrinter(name: string): (line: string) => void {
  const started = Date.now();
  let printedAt = 0;
  return (line) => {
    const isResult = /^(Terraform |Plan:|Apply complete|Destroy complete)/.test(line);
    if (line.trim() === '' || (!isResult && Date.now() - printedAt < INTERVAL_MS)) return;
    printedAt = Date.now();
    process.stderr.write(`${name} ${Math.round((printedAt - started) / 1000)} s: ${line}\n`);
  };
}
