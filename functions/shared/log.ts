/** What is told beside the message. SECURITY: never a token, a password or a secret's value. */
export type Fields = Readonly<Record<string, unknown>>;

/** Writes one line of JSON, which CloudWatch Logs Insights takes apart by itself. */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: Fields = {}): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}

/** An error as fields of a log line. What MySQL's driver keeps beside the message, the statement above all, stays out. */
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
