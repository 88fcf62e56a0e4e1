import { resourceName } from '../../../modules/settings/names';

it('the name of a resource consists of the project, the environment and further parts', () => {
  expect(resourceName('dev')).toBe('login-matrix-dev');
  expect(resourceName('dev', 'iam', 'proxy')).toBe('login-matrix-dev-iam-proxy');
});
