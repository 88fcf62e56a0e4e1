/** One setting that cannot stay as it is. */
export interface Problem {
  /** The setting's path, for example `proxies.iam.requireTls`. */
  readonly setting: string;
  /** What the setting must be, to be read after its name: `must be true`. */
  readonly rule: string;
  /** What was found there. */
  readonly value: unknown;
  /** Why the rule exists, and what to do: whole sentences. */
  readonly remedy: string;
}

/** Every problem of one environment's settings, found before the first resource was made. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(
    environment: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? '1 setting' : `${problems.length} settings`;
    super(
      [`Environment ${environment}: ${count} must be changed.`, ...problems.map((p) => `- ${describe(p)}`)].join('\n'),
    );
  }
}

/** `setting rule, got value: remedy` in one line. */
export function describe({ setting, rule, value, remedy }: Problem): string {
  return `${setting} ${rule}, got ${show(value)}: ${remedy}`;
}

const SHOWN_CHARACTERS = 120;

/** A value as it would be written in an environment's file, shortened. */
export function show(value: unknown): string {
  const text = write(value, []);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** JSON, but for what JSON lacks: it writes `null` for NaN, and nothing for a function. */
function write(value: unknown, parents: readonly object[]): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return typeof value;
  if (parents.includes(value)) return '…';
  const inside = [...parents, value];
  if (Array.isArray(value)) return `[${value.map((item) => write(item, inside)).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item, inside)}`).join(',')}}`;
}
