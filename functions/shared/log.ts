/** Fields of a log line in addition to its level and message. SECURITY: never a token, a password or a secret's value. */
export type Fields = Readonly<Record<string, unknown>>;

/** Writes one line of JSON, whose fields CloudWatch Logs Insights finds without a parse command. */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: Fields = {}): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}

/** Turns an error into fields of a log line. SECURITY: omits other fields that the driver adds, such as the SQL statement. */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: String(error) };
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  return {
    error: error.name,
    reason: error.message,
    ...(code !== undefined && { code }),
    ...(errno !== undefined && { errno }),
    ...(error.cause !== undefined && { cause: errorFields(error.cause) }),
  };
}
