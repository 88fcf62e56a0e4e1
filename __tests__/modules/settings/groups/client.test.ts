import { problemsWith } from '../../../support/settings';

it('an instance type that cannot run the image of the client host is rejected, even if the host is not deployed', () => {
  expect(problemsWith({ client: { enabled: false, instanceType: 't3.nano' } })).toEqual([
    'client.instanceType must be an instance type of EC2 with a Graviton2 processor or newer, got "t3.nano": The client host runs Amazon Linux 2023 for Arm. An example is t4g.micro. If your type is new in EC2, add it to modules/settings/machine-types.ts.',
  ]);
});
