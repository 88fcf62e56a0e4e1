import { resourceName } from '../../../modules/settings/names';

it('the name of a resource lists the project, the environment and its parts', () => {
  expect(resourceName('dev')).toBe('login-matrix-dev');
  expect(resourceName('dev', 'iam', 'proxy')).toBe('login-matrix-dev-iam-proxy');
});
