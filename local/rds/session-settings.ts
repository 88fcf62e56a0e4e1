import { replaces } from './sql/pinning';

interface Setting {
  readonly names: readonly string[];
  readonly statement: string;
}

/** Settings of a proxy's session, by the statements that make them. Whatever connection the session gets has them. */
export class SessionSettings {
  private settings: readonly Setting[] = [];

  /** In the order in which they have to be repeated. */
  get statements(): string[] {
    return this.settings.map(({ statement }) => statement);
  }

  /** Remembers a statement that sets what has these names, in the place of earlier ones that it makes pointless. */
  add(names: readonly string[], statement: string): void {
    const isReplaced = (earlier: string): boolean => names.some((name) => replaces(name, earlier));
    const kept = this.settings.filter((setting) => !setting.names.every(isReplaced));
    this.settings = [...kept, { names, statement }];
  }

  clear(): void {
    this.settings = [];
  }
}
