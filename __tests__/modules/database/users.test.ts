import { databaseUsers } from '../../../modules/database/users';
import { parseSettings } from '../../../modules/settings/settings';
import { ADDED_USER_KEYS } from '../../support/shipped-routes';
import { allFeatures, noFeatures } from '../../support/stack';

describe('the declared database users', () => {
  it('have the login, host, connection limit and grants that their route or the settings declare', () => {
    const users = Object.entries(databaseUsers(parseSettings(allFeatures)));
    // This test ignores the users of routes that a platform team has added.
    expect(Object.fromEntries(users.filter(([name]) => !ADDED_USER_KEYS.includes(name)))).toEqual({
      timestamps: {
        name: 'timestamps',
        login: 'password',
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 100,
        grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
      },
      items: {
        name: 'items',
        login: 'iam',
        host: '%',
        maxUserConnections: 20,
        grants: [{ privileges: ['SELECT'], on: ['app', 'items'] }],
      },
      usersReader: {
        name: 'users_reader',
        login: 'iam',
        host: '%',
        maxUserConnections: 20,
        grants: [{ privileges: ['SELECT'], columns: ['User'], on: ['mysql', 'user'] }],
      },
      matrixPassword: {
        name: 'matrix_password',
        login: 'password',
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 20,
        grants: [],
      },
      matrixIam: {
        name: 'matrix_iam',
        login: 'iam',
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 20,
        grants: [],
      },
      clients: [
        {
          name: 'analyst',
          login: 'iam',
          host: '%',
          maxUserConnections: 5,
          grants: [{ privileges: ['SELECT'], on: ['app', '*'] }],
        },
      ],
    });
  });

  it('do not exist if no feature needs them', () => {
    expect(databaseUsers(parseSettings(noFeatures))).toEqual({ clients: [] });
  });

  it('include no IAM user if IAM authentication is off', () => {
    // `noFeatures` turns IAM authentication off.
    const users = databaseUsers(parseSettings({ ...noFeatures, authMatrix: { enabled: true } }));
    expect(Object.keys(users)).toEqual(['matrixPassword', 'clients']);
  });
});
