import { ROUTE_NAMES } from '../../../contract/routes';
import { allUsers, databaseUsers } from '../../../modules/database/users';
import { parseSettings } from '../../../modules/settings/settings';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

describe('users that are no longer declared', () => {
  const invocation = stack.one('aws_lambda_invocation', 'undeclared-users');

  it('are dropped by a second invocation of the bootstrap’s function, with the same triggers and a list of the users to keep', () => {
    const users = allUsers(databaseUsers(parseSettings(allFeatures)));
    expect(JSON.parse(invocation.input as string)).toEqual({
      database: 'app',
      keepUsers: users.map(({ name, host }) => ({ name, host })),
    });
    const { function_name, triggers } = stack.one('aws_lambda_invocation', 'bootstrap');
    expect(invocation).toMatchObject({ function_name, triggers });
  });

  it('are dropped after every function, proxy and rotation has stopped using them', () => {
    const types = ['aws_lambda_function', 'aws_db_proxy', 'aws_db_proxy_target', 'aws_secretsmanager_secret_rotation'];
    const dependants = types.flatMap((type) => Object.keys(stack.all(type)).map((name) => `${type}.${name}`));
    const functions = [...ROUTE_NAMES, 'bootstrap', 'rotation', 'login-check'];
    const secrets = Object.keys(stack.all('aws_secretsmanager_secret'));
    // Each proxy counts twice, because its target is a resource too. Each secret has a rotation.
    expect(dependants).toHaveLength(functions.length + 2 * ['password-proxy', 'iam-proxy'].length + secrets.length);
    expect(invocation.depends_on).toEqual(
      expect.arrayContaining([stack.addressOf('aws_lambda_invocation', 'bootstrap'), ...dependants]),
    );
  });

  it('keep their secrets until no resource uses these secrets', () => {
    // With create_before_destroy, Terraform deletes a removed secret only after it has changed the resources that used it.
    for (const type of ['aws_secretsmanager_secret', 'aws_secretsmanager_secret_version']) {
      for (const secret of Object.values(stack.all(type))) {
        expect(secret.lifecycle).toMatchObject({ create_before_destroy: true });
      }
    }
  });

  it('stay in use until the bootstrap has created the new users: the routes’ functions change only after the bootstrap', () => {
    const ofRoutes = Object.entries(stack.all('aws_lambda_function')).filter(([id]) => id.startsWith('functions_'));
    expect(ofRoutes).toHaveLength(ROUTE_NAMES.length);
    for (const [, { depends_on }] of ofRoutes) {
      expect(depends_on).toContain(stack.addressOf('aws_lambda_invocation', 'bootstrap'));
    }
  });
});
