/** Adds environment variables before each test, and undoes every change of the environment after it. */
export function setVariablesForEachTest(variables: Readonly<Record<string, string>> = {}): void {
  const original = process.env;
  beforeEach(() => void (process.env = { ...original, ...variables }));
  afterEach(() => void (process.env = original));
}
