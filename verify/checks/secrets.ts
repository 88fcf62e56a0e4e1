import { byAwsRequest, checked, type Check, type CheckContext, type Row } from '../check';
import { secretIn } from '../secret-like';

const EXPECTED = 'nothing that looks like a secret';

/** Checks that outputs and the environment variables of functions contain no secret. */
export const secrets: Check = {
  title: 'Exposed secrets',
  rows: async function* (context) {
    yield outputsRow(context);
    for (const name of context.outputs.deployed.functions) {
      const request = () => context.aws.environment(name);
      const what = `environment of ${name}`;
      yield* await byAwsRequest(what, EXPECTED, 'lambda:GetFunctionConfiguration', request, (variables) => [
        toRow(what, Object.entries(variables)),
      ]);
    }
  },
};

function outputsRow({ rawOutputs }: CheckContext): Row {
  const values = Object.entries(rawOutputs).flatMap(([name, { value }]) => textsIn(name, value));
  return toRow('outputs', values);
}

/** Lists every text in a value with its name, such as `deployed.region`. */
function textsIn(name: string, value: unknown): [name: string, text: string][] {
  if (typeof value === 'string') return [[name, value]];
  return Object.entries(Object(value) as object).flatMap(([key, member]) => textsIn(`${name}.${key}`, member));
}

/** SECURITY: reports the names of the values, never the values. */
function toRow(what: string, values: readonly (readonly [name: string, text: string])[]): Row {
  const exposed = values.flatMap(([name, text]) => {
    const kindOfSecret = secretIn(name, text);
    return kindOfSecret === undefined ? [] : [`${name} holds ${kindOfSecret}`];
  });
  return checked(what, EXPECTED, exposed.length === 0 ? EXPECTED : exposed.join(', '));
}
