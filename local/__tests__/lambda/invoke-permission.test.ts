import { mayInvoke } from '../../lambda/invoke-permission';
import { appliedOf, ARNS } from '../support/http-state';

/** Allows API Gateway to invoke the function for GET /items of every stage. */
const PERMISSION = {
  statement_id: 'AllowApi',
  action: 'lambda:InvokeFunction',
  principal: 'apigateway.amazonaws.com',
  function_name: 'items',
  qualifier: '',
  source_arn: `${ARNS.execution}/*/GET/items`,
};

/** Whether API Gateway may invoke a function for GET /items of the stage `live`. */
const isAllowed = (permissions: readonly object[], functionArn: string = ARNS.function): boolean =>
  mayInvoke(
    appliedOf({ aws_lambda_permission: permissions }),
    'apigateway.amazonaws.com',
    functionArn,
    `${ARNS.execution}/live/GET/items`,
  );

describe('a service', () => {
  const ofOtherService = { ...PERMISSION, principal: 'events.amazonaws.com' };

  it.each([
    ['a permission for this source', [PERMISSION]],
    [
      'a permission for the function’s ARN',
      [{ ...PERMISSION, function_name: ARNS.function, source_arn: `${ARNS.execution}/*` }],
    ],
    ['a permission for every source', [{ ...PERMISSION, qualifier: null, source_arn: null }]],
    ['a permission for every service', [{ ...PERMISSION, principal: '*' }]],
    ['several permissions, one of them for this service', [ofOtherService, PERMISSION]],
  ])('may invoke a function with %s', (_what, permissions) => {
    expect(isAllowed(permissions)).toBe(true);
  });

  it.each([
    ['no permission', []],
    ['a permission for another service', [ofOtherService]],
    ['a permission for another action', [{ ...PERMISSION, action: 'lambda:GetFunction' }]],
    ['a permission for another path', [{ ...PERMISSION, source_arn: `${ARNS.execution}/*/GET/` }]],
    ['a permission for an alias', [{ ...PERMISSION, qualifier: 'live' }]],
    ['a permission for another function', [{ ...PERMISSION, function_name: 'items2' }]],
  ])('may not invoke a function with %s', (_what, permissions) => {
    expect(isAllowed(permissions)).toBe(false);
  });

  it('needs a permission of the alias to invoke an alias', () => {
    const alias = `${ARNS.function}:live`;
    expect(isAllowed([{ ...PERMISSION, qualifier: 'live' }], alias)).toBe(true);
    expect(isAllowed([PERMISSION], alias)).toBe(false);
  });
});

describe('a permission', () => {
  it.each([
    ['source_account', { source_account: '111122223333' }],
    ['principal_org_id', { principal_org_id: 'o-example' }],
  ])('with %s is rejected, because ignoring this condition would allow too much', (name, condition) => {
    expect(() => isAllowed([{ ...PERMISSION, ...condition }])).toThrow(
      `${name} of a Lambda permission is not supported by the local AWS. Supported: source_arn.`,
    );
  });
});
