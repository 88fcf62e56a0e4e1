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

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
