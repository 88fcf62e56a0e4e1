import { TerraformData, type TerraformDataProps } from '../../../modules/database/terraform-data';
import { alone } from '../../support/synthesised';

/** Returns the resources of a stack with one instance of the class. */
const dataWith = (id: string, props?: TerraformDataProps): Record<string, Record<string, unknown>> =>
  alone((stack) => {
    new TerraformData(stack, id, props);
  }).all('terraform_data');

describe('values in the state', () => {
  it('are the input of terraform_data, which follows the lifecycle of a resource', () => {
    const props: TerraformDataProps = { input: { region: 'eu-central-1' }, lifecycle: { ignoreChanges: ['input'] } };
    expect(dataWith('memory', props)).toMatchObject({
      memory: { input: { region: 'eu-central-1' }, lifecycle: { ignore_changes: ['input'] } },
    });
  });

  it('may be none', () => {
    expect(dataWith('check')['check']).not.toHaveProperty('input');
  });

  it('have an id that lasts as long as the resource', () => {
    const { json } = alone((stack) => {
      const memory = new TerraformData(stack, 'memory');
      new TerraformData(stack, 'other', { input: { id: memory.id } });
    });
    expect(json['resource'].terraform_data.other.input).toEqual({ id: '${terraform_data.memory.id}' });
  });
});
