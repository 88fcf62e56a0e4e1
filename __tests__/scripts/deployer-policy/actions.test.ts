import { actionsFor } from '../../../scripts/deployer-policy/actions';

describe('the IAM actions of a deployer', () => {
  const alwaysNeeded = actionsFor([]);

  it.each([
    // IAM's name of an action may differ from the name of the operation.
    ['API Gateway', 'UpdateStage', ['apigateway:PATCH']],
    ['CloudFront', 'CreateDistributionWithTags', ['cloudfront:CreateDistribution', 'cloudfront:TagResource']],
    ['Lambda', 'Invoke', ['lambda:InvokeFunction']],
    ['RDS', 'CreateDBProxy', ['rds:CreateDBProxy', 'rds:AddTagsToResource', 'iam:PassRole']],
    ['STS', 'GetCallerIdentity', []],
  ])('include for %s %s: %j', (service, operation, needed) => {
    const actions = actionsFor([{ service, operation }]);
    expect([...actions].filter((action) => !alwaysNeeded.has(action))).toEqual(needed);
  });

  it.each([
    [{ service: 'Glacier', operation: 'CreateVault' }, 'The IAM prefix of Glacier is unknown.'],
    [
      { service: 'API Gateway', operation: 'FlushStageCache' },
      "The HTTP method of API Gateway's FlushStageCache is unknown.",
    ],
  ])('cannot be determined for %j', (call, message) => {
    expect(() => actionsFor([call])).toThrow(`${message} Add it to scripts/deployer-policy/actions.ts.`);
  });

  it.each([
    ...['rds:ModifyDBInstance', 'lambda:UpdateFunctionCode', 'acm:RequestCertificate'],
    // On AWS, Terraform deletes network interfaces that Lambda leaves behind. The local Lambda leaves none, so no local call needs these.
    ...['ec2:DeleteNetworkInterface', 'ec2:DetachNetworkInterface'],
  ])('include %s even without a call that needs it', (action) => {
    expect(alwaysNeeded).toContain(action);
  });
});
