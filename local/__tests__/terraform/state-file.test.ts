import { parseStateFile, withDeployedCode } from '../../terraform/state-file';

/** Makes an entry of a state file. */
const resource = (type: string, instances: readonly object[], mode = 'managed'): object => ({
  mode,
  type,
  name: 'one',
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances,
});

/** Reads the resources of a state file with these entries. */
const resourcesOf = (...resources: object[]) =>
  parseStateFile(JSON.stringify({ version: 4, resources }))?.values?.root_module.resources;

describe('parseStateFile', () => {
  it('returns only the AWS resources, with their attributes', () => {
    expect(
      resourcesOf(
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

  it('omits replaced objects that are not destroyed yet', () => {
    const instances = [{ attributes: { id: 'new' } }, { attributes: { id: 'old' }, deposed: '0a1b2c3d' }];
    expect(resourcesOf(resource('aws_api_gateway_deployment', instances))).toMatchObject([{ values: { id: 'new' } }]);
  });

  it.each(['', '{"version":4,"resour'])('returns undefined while the file is empty or incomplete: %j', (text) => {
    expect(parseStateFile(text)).toBeUndefined();
  });

  it('rejects an unsupported version', () => {
    expect(() => parseStateFile('{"version":5,"resources":[]}')).toThrow(
      'A state must have version 4, got 5. Use Terraform 1.',
    );
  });
});

// The provider stores the hash of the new code even if its upload failed.
describe('a state file after an apply that failed', () => {
  const functionWith = (attributes: object): object => resource('aws_lambda_function', [{ attributes }]);
  const correctState = (...resources: object[]) =>
    withDeployedCode(JSON.stringify({ version: 4, serial: 7, resources }));

  it('gets the hash of the deployed code, so that the next apply uploads the new code', () => {
    const { text, functions } = correctState(functionWith({ code_sha256: 'old', source_code_hash: 'new' }));
    expect(functions).toEqual(['aws_lambda_function.one']);
    expect(JSON.parse(text)).toEqual({
      version: 4,
      serial: 8,
      resources: [functionWith({ code_sha256: 'old', source_code_hash: 'old' })],
    });
  });

  it('stays unchanged if the hashes are equal, a function was not created, or the resource is not a function', () => {
    const same = [
      functionWith({ code_sha256: 'same', source_code_hash: 'same' }),
      functionWith({ code_sha256: '', source_code_hash: 'new' }),
      resource('aws_lambda_layer_version', [{ attributes: { code_sha256: 'old', source_code_hash: 'new' } }]),
    ];
    expect(correctState(...same)).toEqual({
      text: JSON.stringify({ version: 4, serial: 7, resources: same }),
      functions: [],
    });
  });
});
