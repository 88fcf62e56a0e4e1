import { replaces } from '../sql/pinning';

interface Setting {
  readonly names: readonly string[];
  readonly statement: string;
}

/** Records the statements that set a session's settings, to repeat them on each new connection of the session. */
export class SessionSettings {
  private settings: readonly Setting[] = [];

  /** Statements, in the order in which to repeat them. */
  get statements(): string[] {
    return this.settings.map(({ statement }) => statement);
  }

  /** Records a statement that sets these names, and drops earlier statements that it overrides. */
  add(names: readonly string[], statement: string): void {
    const isReplaced = (earlier: string): boolean => names.some((name) => replaces(name, earlier));
    const kept = this.settings.filter((setting) => !setting.names.every(isReplaced));
    this.settings = [...kept, { names, statement }];
  }

  clear(): void {
    this.settings = [];
  }
}
