import { actionsFor } from '../../../scripts/deployer-policy/actions';

describe('the IAM actions for calls of AWS', () => {
  it('have the names of IAM, which may differ from those of the operations', () => {
    const actions = [
      ...actionsFor([
        { service: 'API Gateway', operation: 'UpdateStage' },
        { service: 'CloudFront', operation: 'CreateDistributionWithTags' },
        { service: 'Lambda', operation: 'Invoke' },
        { service: 'STS', operation: 'GetCallerIdentity' },
      ]),
    ];
    expect(actions).toEqual(
      expect.arrayContaining([
        'apigateway:PATCH',
        'cloudfront:CreateDistribution',
        'cloudfront:TagResource',
        'lambda:InvokeFunction',
      ]),
    );
    expect(`${actions.join(' ')} `).not.toMatch(/UpdateStage|WithTags|Invoke |sts:/);
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

  it('include the further actions that a call needs', () => {
    const actions = actionsFor([{ service: 'RDS', operation: 'CreateDBProxy' }]);
    for (const action of ['rds:CreateDBProxy', 'rds:AddTagsToResource', 'iam:PassRole'])
      expect(actions).toContain(action);
  });

  it('always include the removal of network interfaces, which AWS Lambda leaves behind and the local Lambda does not', () => {
    for (const action of ['ec2:DeleteNetworkInterface', 'ec2:DetachNetworkInterface'])
      expect(actionsFor([])).toContain(action);
  });

  it('always include the actions for later changes and for a custom domain, which the recorded calls may lack', () => {
    const actions = actionsFor([]);
    for (const action of ['rds:ModifyDBInstance', 'lambda:UpdateFunctionCode', 'acm:RequestCertificate'])
      expect(actions).toContain(action);
  });
});
