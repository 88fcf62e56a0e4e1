const PAUSE_MS = 5_000;

/** Prints Terraform's progress at intervals. */
export function progressOf(name: string): (line: string) => void {
  const started = Date.now();
  let printedAt = 0;
  return (line) => {
    const isResult = /^(Terraform |Plan:|Apply complete|Destroy complete)/.test(line);
    if (line.trim() === '' || (!isResult && Date.now() - printedAt < PAUSE_MS)) return;
    printedAt = Date.now();
    process.stderr.write(`${name} ${Math.round((printedAt - started) / 1000)} s: ${line}\n`);
  };
}
