import { problemsWith } from '../../../support/settings';

it('an instance type without an Arm processor is rejected for the client host, even if the host is not deployed', () => {
  expect(problemsWith({ client: { enabled: false, instanceType: 't3.nano' } })).toEqual([
    'client.instanceType must be an instance type of EC2 with an Arm processor, got "t3.nano": The client host runs an Arm image. Write the type as in t4g.micro. If it is new in EC2, add it to modules/settings/machine-types.ts.',
  ]);
});
