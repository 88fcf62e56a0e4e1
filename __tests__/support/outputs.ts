import type { LocalDeployment } from '../../local/local-deployment';

/** What a deployment prints in the end, by its names. */
export function outputsOf({ state }: LocalDeployment): Record<string, string> {
  const outputs = Object.entries(state.values?.outputs ?? {});
  return Object.fromEntries(outputs.map(([name, { value }]) => [name, String(value)]));
}
