import type { LocalDeployment } from '../../../local';

/** Outputs of a deployment, by name. */
export function outputsOf({ state }: LocalDeployment): Record<string, string> {
  const outputs = Object.entries(state.values?.outputs ?? {});
  return Object.fromEntries(outputs.map(([name, { value }]) => [name, String(value)]));
}
