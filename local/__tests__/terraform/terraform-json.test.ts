import { resourcesOf, type TerraformResource, type TerraformState } from '../../terraform/terraform-json';

const resource = (mode: TerraformResource['mode'], address: string): TerraformResource => ({
  address,
  mode,
  type: 'aws_vpc',
  name: 'one',
  values: { id: 'vpc-1' },
});

describe('the resources of a state', () => {
  it('are the managed ones, without data sources', () => {
    const managed = resource('managed', 'aws_vpc.one');
    const state: TerraformState = {
      values: { root_module: { resources: [resource('data', 'data.aws_vpc.one'), managed] } },
    };
    expect(resourcesOf(state)).toEqual([managed]);
  });

  it.each<[string, TerraformState]>([
    ['nothing is deployed', {}],
    ['only outputs are deployed', { values: { root_module: {} } }],
  ])('are none if %s', (_what, state) => {
    expect(resourcesOf(state)).toEqual([]);
  });
});
