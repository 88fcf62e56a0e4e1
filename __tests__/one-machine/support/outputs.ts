import type { LocalDeployment } from '../../../local';

/** Returns the outputs of a deployment as text, by name. */
export function outputsOf({ state }: LocalDeployment): Record<string, string> {
  const outputs = Object.entries(state.values?.outputs ?? {});
  return Object.fromEntries(outputs.map(([name, { value }]) => [name, String(value)]));
}
