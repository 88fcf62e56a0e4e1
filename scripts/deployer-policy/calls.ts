/** A called operation of an AWS service, with the names that the provider logs: `EC2`, `CreateVpc`. */
export interface Call {
  readonly service: string;
  readonly operation: string;
}

/** The line break before a record. Each record starts with its time; a line break inside a value is never followed by a time. */
const RECORD_BREAK = /\n(?=\d{4}-\d\d-\d\dT)/;

/**
 * Reads from Terraform's log which operations the AWS provider has called. The result has no duplicates.
 *
 * https://developer.hashicorp.com/terraform/internals/debugging
 *
 * @param log written with `TF_LOG_PROVIDER=DEBUG`
 */
export function callsIn(log: string): Call[] {
  const calls = new Map<string, Call>();
  for (const record of log.split(RECORD_BREAK)) {
    const [service, operation] = [fieldOf(record, 'rpc.service'), fieldOf(record, 'rpc.method')];
    // A long request is split into several records. The last one has both fields.
    if (service === undefined || operation === undefined) continue;
    calls.set(`${service} ${operation}`, { service, operation });
  }
  return [...calls.values()];
}

/** Reads a field of a record. Long records are JSON, others `name=value`. */
function fieldOf(record: string, name: string): string | undefined {
  const escaped = name.replace('.', '[.]');
  const [, quoted, bare] = new RegExp(`"?${escaped}"?[=:](?:"([^"]*)"|([^\\s,]+))`).exec(record) ?? [];
  return quoted ?? bare;
}
