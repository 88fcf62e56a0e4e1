import { SettingsError } from '../../modules/settings/problem';
import { parseSettings, type Environment } from '../../modules/settings/settings';

/** An environment with only the required settings. */
export const requiredSettings: Environment = {
  name: 'test',
  region: 'eu-central-1',
  network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az2'] },
  edge: { allowlist: { ipv4: ['203.0.113.0/24'] } },
};

type Rejection = [description: string, change: object, ...problems: string[]];

/**
 * Declares one test for each rejection. The test applies `change` to the required settings and expects exactly the listed `problems`.
 *
 * @param title with `%s` for the description
 */
export function itRejects(title: string, rejections: readonly Rejection[]): void {
  it.each(rejections)(title, (_description, change, ...problems) => {
    expect(problemsWith(change)).toEqual(problems);
  });
}

/** Declares one test for each change: the required settings with the change are valid. @param title with `%j` for the change */
export function itAccepts(title: string, changes: readonly object[]): void {
  it.each(changes)(title, (change) => {
    expect(problemsWith(change)).toEqual([]);
  });
}

/** Returns a message for each problem of the required settings with a change. */
export const problemsWith = (change: object): string[] => problemsOf({ ...requiredSettings, ...change });

/** Returns a message for each problem of an environment; none if it is valid. */
export function problemsOf(environment: unknown): string[] {
  try {
    parseSettings(environment as Environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^- /, ''));
  }
}
