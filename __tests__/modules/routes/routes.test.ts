import type { RouteLogin } from '../../../contract/routes';
import { accessOf, targetOf, type RoutesProps } from '../../../modules/routes/routes';
import { parseSettings } from '../../../modules/settings/settings';
import { allFeatures } from '../../support/stack';

const BY_PASSWORD: RouteLogin = {
  by: 'password',
  at: 'password-proxy',
  inVpc: true,
  as: 'timestamps',
  description: '',
};
const propsWithoutProxies = {
  settings: parseSettings(allFeatures),
  proxies: {},
  secrets: {},
} as unknown as RoutesProps;

// __tests__/modules/iam/permissions.test.ts tests the permissions for these logins.
describe('the login of a route', () => {
  it('makes synth fail if it uses a password and its user has no secret', () => {
    expect(() => accessOf(propsWithoutProxies, BY_PASSWORD)).toThrow(
      "A route logs in by password as the user 'timestamps', who has no secret",
    );
  });

  it('makes synth fail if its endpoint is not deployed', () => {
    expect(() => targetOf(propsWithoutProxies, 'iam-proxy')).toThrow(
      'A route logs in to the iam-proxy, but the settings do not deploy it',
    );
  });
});
