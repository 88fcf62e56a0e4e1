import { appliedOf } from '../../local/__tests__/support';
import { clientHostRole } from '../../start/client-host-role';

const HOST = { iam_instance_profile: 'profile' };
const PROFILE = { name: 'profile', role: 'client' };
const ROLE = { name: 'client', arn: 'arn:aws:iam::123456789012:role/client' };

/** An instance profile and a role that do not belong to the host. */
const OTHERS = { profile: { name: 'other', role: 'func1' }, role: { name: 'func1', arn: 'arn:of:func1' } };

const roleFor = (hosts: object[], profiles: object[]) =>
  clientHostRole(
    appliedOf({
      aws_instance: hosts,
      aws_iam_instance_profile: [OTHERS.profile, ...profiles],
      aws_iam_role: [OTHERS.role, ROLE],
    }),
  );

describe('the role of the client host', () => {
  it('is the role in its instance profile', () => {
    expect(roleFor([HOST], [PROFILE])).toEqual(ROLE);
  });

  it.each([
    ['there is no host', [], [PROFILE]],
    ['the host has no instance profile', [{ iam_instance_profile: '' }], [PROFILE]],
    ['its instance profile is not applied', [HOST], []],
    ['its instance profile has no applied role', [HOST], [{ ...PROFILE, role: 'removed' }]],
  ])('is undefined if %s', (_what, hosts, profiles) => {
    expect(roleFor(hosts, profiles)).toBeUndefined();
  });
});
