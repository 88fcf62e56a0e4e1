/** One invalid setting. */
export interface Problem {
  /** The setting's path, for example `proxies.iam.requireTls`. */
  readonly setting: string;
  /** The rule, to read after the setting's path: `must be true`. */
  readonly rule: string;
  readonly value: unknown;
  /** Whole sentences: usually the reason for the rule, then the fix. */
  readonly remedy: string;
}

/** Mistakes in the files, names or settings of environments, or in declared routes. The message is for the people who made the mistakes. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Lists the problems of an environment, one on each line. */
export function reportOf(environment: string, problems: readonly Problem[]): string {
  const settings = new Set(problems.map(({ setting }) => setting)).size;
  const count = settings === 1 ? '1 setting' : `${settings} settings`;
  const lines = problems.map(
    ({ setting, rule, value, remedy }) => `- ${setting} ${rule}, got ${show(value)}: ${remedy}`,
  );
  return [`Environment ${environment}: ${count} must be changed.`, ...lines].join('\n');
}

const SHOWN_CHARACTERS = 120;

/** Formats a value for a message, shortened. */
export function show(value: unknown): string {
  const text = format(value, []);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** Formats a value as JSON. Unlike JSON.stringify, it also shows values that JSON lacks, such as NaN and functions. */
function format(value: unknown, parents: readonly object[]): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return typeof value;
  if (parents.includes(value)) return '…';
  const inside = [...parents, value];
  if (Array.isArray(value)) return `[${value.map((item) => format(item, inside)).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${format(item, inside)}`).join(',')}}`;
}
