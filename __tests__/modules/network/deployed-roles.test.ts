import { deployedRoles } from '../../../modules/network/deployed-roles';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { allFeatures, noFeatures } from '../../support/stack';

const ALWAYS = ['database', 'bootstrap', 'endpoint'];

const rolesOf = (environment: Environment, { hasRotation } = { hasRotation: false }): readonly string[] =>
  deployedRoles(parseSettings(environment), { hasRotation });

describe('the roles with a security group', () => {
  it('are all roles if everything is on', () => {
    expect(rolesOf(allFeatures, { hasRotation: true })).toEqual([
      ...['database', 'bootstrap', 'rotation', 'endpoint', 'functions'],
      ...['password-proxy', 'iam-proxy', 'client'],
    ]);
  });

  it('are only the database, the bootstrap and the endpoint if everything is off', () => {
    expect(rolesOf(noFeatures)).toEqual(ALWAYS);
  });

  it('include the rotation only if passwords are rotated', () => {
    expect(rolesOf(noFeatures, { hasRotation: true })).toEqual(['database', 'bootstrap', 'rotation', 'endpoint']);
  });

  it.each<[what: string, change: Partial<Environment>, roles: string[]]>([
    ['/auth-matrix is on', { authMatrix: { enabled: true } }, ['functions']],
    ['IAM logins are on', { database: { iamAuthentication: true } }, ['functions']],
    [
      'the password proxy is on, as it is by default',
      { proxies: { iam: { enabled: false } } },
      ['functions', 'password-proxy'],
    ],
  ])('include the functions if %s', (_what, change, roles) => {
    expect(rolesOf({ ...noFeatures, ...change })).toEqual([...ALWAYS, ...roles]);
  });
});
