import { secretIn } from '../../verify/secret-like';

describe('the output or environment variable', () => {
  it.each([
    ['DB_PASSWORD', 'tiger', 'a secret according to its name'],
    ['github_token', 'abc', 'a secret according to its name'],
    ['SETTINGS', '{"username":"a","password":"b"}', 'a password'],
    ['URL', 'mysql://admin:tiger@db:3306/app', 'a password in a URL'],
    ['NOTE', 'AKIAIOSFODNN7EXAMPLE', 'an access key'],
    ['PEM', '-----BEGIN EC PRIVATE KEY-----', 'a private key'],
    ['LOGIN', 'host:3306/?Action=connect&X-Amz-Signature=0a1b', 'a signature'],
    ['VALUE', 'kV8hT2qLrW5nXcB7mZ4pYdS9aF6gJ3eU1oRiHtQw', 'a long random text'],
  ])('%s=%s looks like %s', (name, value, description) => {
    expect(secretIn(name, value)).toBe(description);
  });

  it.each([
    [
      'DB_SECRET_ARN',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:login-matrix-dev/database/timestamps-AbCdEf',
    ],
    ['API_TOKEN', 'https://example.com/token'],
    ['PASSWORD_PROXY_HOST', 'login-matrix-dev-password.proxy-c0ffee.eu-central-1.rds.amazonaws.com'],
    ['database_resource_id', 'db-ABCDEFGHIJKLMNOPQRSTUVWXY3'],
    ['DB_CA_FILE', '/opt/certs/amazon-roots.pem'],
    ['AUTH_MATRIX', '{"logins":[{"login":"password","because":"the proxy compares the password with its secret"}]}'],
    ['login_analyst', 'aws rds generate-db-auth-token --hostname h | (read -r MYSQL_PWD && export MYSQL_PWD && mysql)'],
    ['tunnel', 'aws ssm start-session --parameters host=db.example.com,portNumber=3306,localPortNumber=13306'],
    ['DB_PASSWORD', ''],
  ])('%s=%s does not look like a secret', (name, value) => {
    expect(secretIn(name, value)).toBeUndefined();
  });
});
