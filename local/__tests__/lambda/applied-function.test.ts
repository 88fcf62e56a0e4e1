import { findFunction, layerHashes, type AppliedFunction } from '../../lambda/applied-function';
import { lambdaFunction } from '../support/functions';
import { ACCOUNT, appliedOf, functionArn } from '../support/http-state';

const ARN = functionArn('function');
const functions = [lambdaFunction('function-2', 'hash 2'), lambdaFunction('function', 'hash 1')];
const applied = appliedOf({ aws_lambda_function: functions });

describe('an applied function', () => {
  it.each(['function', `${ACCOUNT}:function:function`, ARN, `${ARN}:$LATEST`, 'function:$LATEST'])(
    'is found as %s',
    (name) => {
      expect(findFunction(applied, name).arn).toBe(ARN);
    },
  );

  it.each([
    ['func', 'func'],
    [`${ARN}:1`, `${ARN}:1`],
    ['function:live', `${ARN}:live`],
    [ARN.replace('eu-central-1', 'eu-west-1'), ARN.replace('eu-central-1', 'eu-west-1')],
    [ARN.replace(ACCOUNT, '210987654321'), ARN.replace(ACCOUNT, '210987654321')],
    ['210987654321:function:function', '210987654321:function:function'],
  ])('is not found as %s', (name, reported) => {
    expect(() => findFunction(applied, name)).toThrow(
      expect.objectContaining({
        status: 404,
        name: 'ResourceNotFoundException',
        message: `Function not found: ${reported}`,
      }),
    );
  });

  it.each([[undefined], [null], ['$LATEST']])('is found with the qualifier %s', (qualifier) => {
    expect(findFunction(applied, 'function', qualifier).arn).toBe(ARN);
  });

  it('is not found by another qualifier', () => {
    expect(() => findFunction(applied, 'function', '1')).toThrow(`Function not found: ${ARN}:1`);
  });
});

describe('the layers of a function', () => {
  const functionWithLayers = (layers: readonly string[] | null) =>
    lambdaFunction('items', 'hash', { layers }) as AppliedFunction;
  const layers = appliedOf({
    aws_lambda_layer_version: [
      { arn: 'arn:of:first', code_sha256: 'hash of the first' },
      { arn: 'arn:of:second', code_sha256: 'hash of the second' },
    ],
  });

  it('are identified by the hashes of their zips, in the function’s order', () => {
    expect(layerHashes(layers, functionWithLayers(['arn:of:second', 'arn:of:first']))).toEqual([
      'hash of the second',
      'hash of the first',
    ]);
    expect(layerHashes(layers, functionWithLayers(null))).toEqual([]);
  });

  it('are rejected if one is not part of the deployment', () => {
    expect(() => layerHashes(layers, functionWithLayers(['arn:of:first', 'arn:of:third']))).toThrow(
      'The function items has the layer arn:of:third, which is not part of this deployment. ' +
        'The local AWS has only the layers of the deployment. Add the layer as aws_lambda_layer_version.',
    );
  });
});
