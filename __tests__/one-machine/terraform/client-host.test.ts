import { AwsClient, startMotoOnPort, type MotoOnPort } from '../../../local/__tests__/support';
import { allFeatures, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

// Enough for the AWS provider's calls on a busy machine.
jest.setTimeout(240_000);

/** Returns a Terraform configuration with the client host of the stack, in a network of its own. */
function clientHostAlone(): object {
  const stack = synthesise(allFeatures);
  const { associate_public_ip_address, instance_type, lifecycle } = stack.one('aws_instance');
  const { required_providers } = stack.json['terraform'] as Record<string, object>;
  const host = { ami: 'ami-12345678', associate_public_ip_address, instance_type, lifecycle };
  return {
    terraform: { required_providers },
    provider: { aws: { region: 'eu-central-1' } },
    resource: {
      aws_vpc: { vpc: { cidr_block: '10.20.0.0/16' } },
      aws_subnet: { subnet: { vpc_id: '${aws_vpc.vpc.id}', cidr_block: '10.20.0.0/20' } },
      aws_instance: { host: { ...host, subnet_id: '${aws_subnet.subnet.id}' } },
    },
    output: { id: { value: '${aws_instance.host.id}' }, address: { value: '${aws_instance.host.public_ip}' } },
  };
}

describe('a client host', () => {
  let moto: MotoOnPort;
  let configuration: TerraformConfiguration;

  beforeAll(async () => {
    moto = await startMotoOnPort();
    configuration = await TerraformConfiguration.of(clientHostAlone(), moto.url);
    await configuration.apply();
  });
  afterAll(async () => {
    configuration.remove();
    await moto.stop();
  });

  // A replacement would change the instance id, which people's IAM policies name, and would delete people's files on the disk.
  it('is not replaced after a stop, which takes away its public address', async () => {
    const { id, address } = await configuration.outputs();
    expect(address).toMatch(/^\d/);
    await new AwsClient(moto.url).ec2('StopInstances', { 'InstanceId.1': String(id) });
    expect(await configuration.plannedChanges()).toEqual([]);
    await configuration.apply();
    expect(await configuration.outputs()).toEqual({ id, address: '' });
  });
});
