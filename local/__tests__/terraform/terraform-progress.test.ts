import { TerraformProgress } from '../../terraform/terraform-progress';

/** Returns the progress text after these lines of Terraform's output. */
const progressAfter = (...lines: string[]): string => {
  const progress = new TerraformProgress();
  return lines.map((line) => progress.read(line)).at(-1) ?? '';
};

describe('the progress of an apply', () => {
  it('is “planning” until Terraform prints the counts of the plan', () => {
    expect(progressAfter('Terraform used the selected providers to generate the following execution plan.')).toBe(
      'planning',
    );
  });

  it('counts created resources', () => {
    expect(
      progressAfter(
        'Plan: 3 to add, 0 to change, 0 to destroy.',
        'aws_vpc.network_vpc_1: Creating...',
        'aws_vpc.network_vpc_1: Creation complete after 1s [id=vpc-1]',
      ),
    ).toBe('1 of 3 resources');
  });

  it('counts changed and destroyed resources', () => {
    expect(
      progressAfter(
        'Plan: 1 to add, 2 to change, 1 to destroy.',
        'aws_vpc.one: Modifications complete after 1s [id=vpc-1]',
        'aws_vpc.two: Destruction complete after 1s',
        'aws_db_proxy.three: Still modifying... [id=three, 10s elapsed]',
      ),
    ).toBe('2 of 4 resources, waiting for aws_db_proxy (10s)');
  });

  it('counts resources with an index, and deposed objects', () => {
    expect(
      progressAfter(
        'Plan: 2 to add, 0 to change, 1 to destroy.',
        'aws_subnet.one[0]: Creation complete after 1s [id=subnet-1]',
        'aws_subnet.zones["eu-central-1a"]: Still creating... [id=subnet-2, 00m20s elapsed]',
        'aws_db_proxy.two (deposed object 0a1b2c3d): Destruction complete after 1s',
      ),
    ).toBe('2 of 3 resources, waiting for aws_subnet (00m20s)');
  });

  it('ignores data sources and ephemeral resources, which the plan does not count', () => {
    expect(
      progressAfter(
        'data.aws_ssm_parameter.image: Still reading... [10s elapsed]',
        'data.aws_ssm_parameter.image: Read complete after 12s [id=image]',
        'Plan: 1 to add, 0 to change, 0 to destroy.',
        'ephemeral.aws_secretsmanager_random_password.one: Still opening... [10s elapsed]',
        'ephemeral.aws_secretsmanager_random_password.one: Opening complete after 12s',
      ),
    ).toBe('0 of 1 resources');
  });

  it('names the type of the unfinished resource that has taken longest', () => {
    expect(
      progressAfter(
        'Plan: 3 to add, 0 to change, 0 to destroy.',
        'aws_db_instance.database: Still creating... [1h0m10s elapsed]',
        'aws_subnet.one: Still creating... [59m10s elapsed]',
      ),
    ).toBe('0 of 3 resources, waiting for aws_db_instance (1h0m10s)');
  });
});
