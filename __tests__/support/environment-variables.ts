/** Adds environment variables before each test, and restores the original environment after each test. */
export function setVariablesForEachTest(variables: Readonly<Record<string, string>> = {}): void {
  const original = process.env;
  beforeEach(() => void (process.env = { ...original, ...variables }));
  afterEach(() => void (process.env = original));
}
