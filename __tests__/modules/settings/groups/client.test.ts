import { itAccepts, problemsWith } from '../../../support/settings';

describe('the type of the client host', () => {
  it('is rejected without an Arm processor, even if the host is not deployed', () => {
    expect(problemsWith({ client: { enabled: false, instanceType: 't3.nano' } })).toEqual([
      'client.instanceType must be an instance type of EC2 with an Arm processor, got "t3.nano": The client host runs an Arm image. Write the type as in t4g.micro. If it is new in EC2, add it to modules/settings/machine-types.ts.',
    ]);
  });

  itAccepts('is accepted with an Arm processor: %j', [{ client: { instanceType: 'c7gn.medium' } }]);
});
