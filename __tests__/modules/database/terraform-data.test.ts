import { TerraformData, type TerraformDataProps } from '../../../modules/database/terraform-data';
import { synthesiseAlone } from '../../support/synthesised-stack';

/** Synthesises a stack with one terraform_data resource. Returns it, by its name in Terraform. */
const dataWith = (id: string, props?: TerraformDataProps): Record<string, Record<string, unknown>> =>
  synthesiseAlone((stack) => {
    new TerraformData(stack, id, props);
  }).all('terraform_data');

describe('a terraform_data resource', () => {
  it('stores its input, and accepts lifecycle arguments like any other resource', () => {
    const props: TerraformDataProps = { input: { region: 'eu-central-1' }, lifecycle: { ignoreChanges: ['input'] } };
    expect(dataWith('memory', props)).toMatchObject({
      memory: { input: { region: 'eu-central-1' }, lifecycle: { ignore_changes: ['input'] } },
    });
  });

  it('needs no input', () => {
    expect(dataWith('check')['check']).not.toHaveProperty('input');
  });

  it('has an id that other resources can refer to', () => {
    const { json } = synthesiseAlone((stack) => {
      const memory = new TerraformData(stack, 'memory');
      new TerraformData(stack, 'other', { input: { id: memory.id } });
    });
    expect(json['resource'].terraform_data.other.input).toEqual({ id: '${terraform_data.memory.id}' });
  });
});
