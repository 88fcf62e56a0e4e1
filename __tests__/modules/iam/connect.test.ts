import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { TerraformOutput } from 'cdktf';
import { arnPart, connectStatement } from '../../../modules/iam/connect';
import { ACCOUNT, resolveExpressions } from '../../support/iam';
import { synthesiseAlone } from '../../support/synthesised-stack';

/** Makes a value from an ARN that is known only during the apply. Returns what synth writes for this value. */
function outputOf<T>(make: (arn: string) => T): T {
  const { json } = synthesiseAlone((scope) => {
    const { arn } = new CloudwatchLogGroup(scope, 'logs', {});
    new TerraformOutput(scope, 'value', { value: make(arn), staticId: true });
  });
  return (json['output'] as { value: { value: T } }).value.value;
}

describe('a part of an ARN', () => {
  it.each([
    ['partition', 1],
    ['region', 3],
    ['account', 4],
    ['id', 6],
  ] as const)('is read during the apply: %s', (part, index) => {
    expect(outputOf((arn) => arnPart(arn, part))).toBe(
      `\${element(split(":", aws_cloudwatch_log_group.logs.arn), ${index})}`,
    );
  });
});

describe('the statement for a login by IAM', () => {
  it('names the resource id and one user, in the partition, region and account of the ARN', () => {
    const { actions, resources } = outputOf((arn) => connectStatement(arn, 'prx-1', 'items'));
    expect(actions).toEqual(['rds-db:connect']);
    expect(resources.map(resolveExpressions)).toEqual([`arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:prx-1/items`]);
  });
});
