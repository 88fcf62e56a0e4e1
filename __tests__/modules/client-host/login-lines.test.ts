import {
  caLine,
  loginLine,
  passwordCommand,
  sessionLine,
  tokenCommand,
  tunnelHostLine,
  tunnelLine,
  TUNNEL_PORT,
} from '../../../modules/client-host/login-lines';

const endpoint = { region: 'eu-central-1', host: 'db.example.com', port: 3306 };

describe('the line of a login', () => {
  const tokenLogin = { endpoint, user: 'analyst', password: 'print-token', isToken: true, port: 3306 };

  it('sends a token in clear text, to a server whose certificate and name the client verifies', () => {
    expect(loginLine({ ...tokenLogin, database: 'app' })).toBe(
      'MYSQL_PWD=$(print-token) mysql --host=db.example.com --port=3306 --user=analyst --enable-cleartext-plugin' +
        ' --loose-ssl-mode=VERIFY_IDENTITY --loose-ssl-verify-server-cert --ssl-ca ~/.rds-eu-central-1.pem app',
    );
  });

  it('never sends a password in clear text', () => {
    expect(loginLine({ ...tokenLogin, isToken: false })).not.toContain('cleartext');
  });

  it('starts in no database for a user with privileges on none', () => {
    expect(loginLine(tokenLogin)).toMatch(/ --ssl-ca ~\/\.rds-eu-central-1\.pem$/);
  });

  it('connects to the instance by name also through the tunnel, because /etc/hosts maps that name to 127.0.0.1', () => {
    expect(loginLine({ ...tokenLogin, port: TUNNEL_PORT })).toContain('mysql --host=db.example.com --port=13306 ');
    expect(tunnelHostLine(endpoint)).toBe('echo 127.0.0.1 db.example.com | sudo tee -a /etc/hosts');
  });
});

describe('the command that prints', () => {
  it('a token is for the name of the instance, one user and one region', () => {
    expect(tokenCommand(endpoint, 'analyst')).toBe(
      'aws rds generate-db-auth-token --region eu-central-1 --hostname db.example.com --port 3306 --username analyst',
    );
  });

  it('a password quotes the ARN of the secret, because an interactive shell would expand its !', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1';
    expect(passwordCommand(endpoint, arn)).toBe(
      `aws secretsmanager get-secret-value --region eu-central-1 --secret-id '${arn}' --query SecretString --output text | node -pe 'JSON.parse(fs.readFileSync(0)).password'`,
    );
  });
});

it('the certificate authorities are those of the region, in the file that a login reads', () => {
  expect(caLine(endpoint)).toBe(
    'curl --fail --silent --show-error --output ~/.rds-eu-central-1.pem https://truststore.pki.rds.amazonaws.com/eu-central-1/eu-central-1-bundle.pem',
  );
});

describe('Session Manager', () => {
  it('opens a shell on the host', () => {
    expect(sessionLine('eu-central-1', 'i-1')).toBe('aws ssm start-session --region eu-central-1 --target i-1');
  });

  it('forwards local port 13306 to the instance: a local MySQL server may use 3306', () => {
    expect(tunnelLine(endpoint, 'i-1')).toBe(
      'aws ssm start-session --region eu-central-1 --target i-1 --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=db.example.com,portNumber=3306,localPortNumber=13306',
    );
  });
});
