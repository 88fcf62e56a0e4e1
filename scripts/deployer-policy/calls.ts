/** An operation of an AWS service, as the provider calls them: `EC2`, `CreateVpc`. */
export interface Call {
  readonly service: string;
  readonly operation: string;
}

/** A line of a log of Terraform begins with its time; values with line breaks go on in lines of their own. */
const RECORDS = /\n(?=\d{4}-\d\d-\d\dT)/;

/**
 * Reads which operations the AWS provider has called, each once, from Terraform's log.
 *
 * https://developer.hashicorp.com/terraform/internals/debugging
 *
 * @param log written with `TF_LOG_PROVIDER=DEBUG`
 */
export function callsIn(log: string): Call[] {
  const calls = new Map<string, Call>();
  for (const record of log.split(RECORDS)) {
    const [service, operation] = [fieldOf(record, 'rpc.service'), fieldOf(record, 'rpc.method')];
    // A long request is cut into several records, of which the last has both.
    if (service === undefined || operation === undefined) continue;
    calls.set(`${service} ${operation}`, { service, operation });
  }
  return [...calls.values()];
}

/** Long records are JSON, others `name=value`. */
function fieldOf(record: string, name: string): string | undefined {
  const escaped = name.replace('.', '[.]');
  const [, quoted, bare] = new RegExp(`"?${escaped}"?[=:](?:"([^"]*)"|([^\\s,]+))`).exec(record) ?? [];
  return quoted ?? bare;
}
