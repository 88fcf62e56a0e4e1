import { readStateFile } from '../../../local/control-plane/state-file';

const resource = (type: string, instances: readonly object[], mode = 'managed'): object => ({
  mode,
  type,
  name: 'one',
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances,
});

const stateOf = (...resources: object[]) =>
  readStateFile(JSON.stringify({ version: 4, resources }))?.values?.root_module.resources;

describe('the file of a state', () => {
  it('tells the resources of AWS with their attributes', () => {
    expect(
      stateOf(
        resource('aws_vpc', [{ attributes: { id: 'vpc-1' } }]),
        resource('aws_ssm_parameter', [{ attributes: { value: 'ami-1' } }], 'data'),
        resource('terraform_data', [{ attributes: { input: { value: 1, type: 'number' } } }]),
      ),
    ).toEqual([
      { address: 'aws_vpc.one', mode: 'managed', type: 'aws_vpc', name: 'one', values: { id: 'vpc-1' } },
      {
        address: 'data.aws_ssm_parameter.one',
        mode: 'data',
        type: 'aws_ssm_parameter',
        name: 'one',
        values: { value: 'ami-1' },
      },
    ]);
  });

  it('leaves out what was replaced and is still to be destroyed', () => {
    const instances = [{ attributes: { id: 'new' } }, { attributes: { id: 'old' }, deposed: '0a1b2c3d' }];
    expect(stateOf(resource('aws_api_gateway_deployment', instances))).toMatchObject([{ values: { id: 'new' } }]);
  });

  it.each(['', '{"version":4,"resour'])('is nothing yet while it is written: %j', (text) => {
    expect(readStateFile(text)).toBeUndefined();
  });

  it('is refused in a version that is not known', () => {
    expect(() => readStateFile('{"version":5,"resources":[]}')).toThrow(
      "Terraform's state is of version 5, and 4 is read here.",
    );
  });
});
