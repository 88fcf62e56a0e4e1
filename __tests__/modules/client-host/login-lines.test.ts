import {
  caLine,
  loginLine,
  sessionLine,
  tunnelHostLine,
  tunnelLine,
  TUNNEL_PORT,
} from '../../../modules/client-host/login-lines';

const endpoint = { region: 'eu-central-1', host: 'db.example.com' };

describe('the shell command for a login', () => {
  it('without a secret sends a token in clear text, and verifies the certificate and the name of the server', () => {
    expect(loginLine({ endpoint, user: 'analyst', port: 3306, database: 'app' })).toBe(
      'MYSQL_PWD=$(aws rds generate-db-auth-token --region eu-central-1 --hostname db.example.com --port 3306 --username analyst)' +
        ' mysql --host=db.example.com --port=3306 --user=analyst --enable-cleartext-plugin' +
        ' --loose-ssl-mode=VERIFY_IDENTITY --loose-ssl-verify-server-cert --ssl-ca ~/.rds-eu-central-1.pem app',
    );
  });

  it('with a secret sends no password in clear text, and quotes the ARN, so that a shell does not expand its exclamation mark', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1';
    expect(loginLine({ endpoint, user: 'admin', port: 3306, secretArn })).toBe(
      `MYSQL_PWD=$(aws secretsmanager get-secret-value --region eu-central-1 --secret-id '${secretArn}' --query SecretString --output text | node -pe 'JSON.parse(fs.readFileSync(0)).password')` +
        ' mysql --host=db.example.com --port=3306 --user=admin' +
        ' --loose-ssl-mode=VERIFY_IDENTITY --loose-ssl-verify-server-cert --ssl-ca ~/.rds-eu-central-1.pem',
    );
  });

  it('uses the name of the instance for the tunnel too; /etc/hosts maps this name to 127.0.0.1', () => {
    const line = loginLine({ endpoint, user: 'analyst', port: TUNNEL_PORT });
    expect(line).toContain('--hostname db.example.com --port 3306 ');
    expect(line).toContain('mysql --host=db.example.com --port=13306 ');
    expect(tunnelHostLine(endpoint)).toBe('echo 127.0.0.1 db.example.com | sudo tee -a /etc/hosts');
  });
});

it('the client downloads the certificate authorities of the region into the file that a login reads', () => {
  expect(caLine(endpoint)).toBe(
    'curl --fail --silent --show-error --output ~/.rds-eu-central-1.pem https://truststore.pki.rds.amazonaws.com/eu-central-1/eu-central-1-bundle.pem',
  );
});

describe('Session Manager', () => {
  it('opens a shell on the host', () => {
    expect(sessionLine('eu-central-1', 'i-1')).toBe('aws ssm start-session --region eu-central-1 --target i-1');
  });

  it('forwards local port 13306 to the instance, because a local MySQL server may use 3306', () => {
    expect(tunnelLine(endpoint, 'i-1')).toBe(
      'aws ssm start-session --region eu-central-1 --target i-1 --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=db.example.com,portNumber=3306,localPortNumber=13306',
    );
  });
});
