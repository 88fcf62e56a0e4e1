import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zip } from '../../modules/compute/zip';
import type { ChangedState } from './changed-state';
import type { Change, EndToEnd } from './deployment';

interface Mistake {
  /** What somebody did wrong. */
  readonly what: string;
  readonly change: Change;
  readonly path: string;
  readonly status: number;
  /** Name of the log that tells why. */
  readonly log: string;
  readonly reason: RegExp;
}

const functionLog = (name: string): string => `login-matrix-test-${name}`;

const environmentOf = (state: ChangedState, name: string): Record<string, string> =>
  state.one('aws_lambda_function', `functions_${name}_`)['environment'][0].variables;

const EGRESS = 'aws_vpc_security_group_egress_rule';

const LOGINS: readonly Mistake[] = [
  {
    what: 'a policy names the identifier of the instance and not its resource id',
    change: (state) => {
      const { identifier, resource_id } = state.one('aws_db_instance');
      const policy = state.one('aws_iam_role_policy', 'ConnectAs-items');
      policy['policy'] = String(policy['policy']).replace(resource_id, identifier);
    },
    path: '/items',
    status: 502,
    log: 'rds',
    reason:
      /login of 'items'@'10\.20\.\d+\.\d+' is refused: \S+items may not rds-db:connect on \S+:dbuser:db-\w+\/items/,
  },
  {
    what: 'a policy allows another user',
    change: (state) => {
      const policy = state.one('aws_iam_role_policy', 'ConnectAs-timestamps');
      policy['policy'] = String(policy['policy']).replace('/timestamps"', '/items"');
    },
    path: '/func2',
    status: 502,
    log: 'rds',
    reason: /login of 'timestamps'@.* is refused: \S+func2 may not rds-db:connect on \S+:dbuser:prx-\w+\/timestamps/,
  },
  {
    what: 'IAM database authentication of the instance is off',
    change: (state) => (state.one('aws_db_instance')['iam_database_authentication_enabled'] = false),
    path: '/items',
    status: 502,
    log: 'rds',
    reason: /login of 'items'@.* is refused: IAM database authentication of the instance is off/,
  },
  {
    what: 'the role of a proxy may not read its secret',
    change: (state) => state.remove('aws_iam_role_policy', 'password-proxy_role_ReadSecret'),
    path: '/func1',
    status: 502,
    log: 'rds',
    reason: /role\/login-matrix-test-password-proxy may not secretsmanager:GetSecretValue on \S+timestamps-/,
  },
  {
    what: 'a function is told the ARN of another secret',
    change: (state) => {
      const [{ secret_arn }] = state.one('aws_db_instance')['master_user_secret'];
      environmentOf(state, 'func1')['DB_SECRET_ARN'] = secret_arn;
    },
    path: '/func1',
    status: 502,
    log: functionLog('func1'),
    reason: /"AccessDeniedException","reason":"User: \S+ is not authorized to perform: secretsmanager:GetSecretValue/,
  },
];

const NETWORK: readonly Mistake[] = [
  {
    what: 'no rule lets functions out to the password proxy',
    change: (state) => state.remove(EGRESS, 'functions-to-password-proxy'),
    path: '/func1',
    status: 503,
    log: 'rds',
    reason: /does not get through: no egress rule of login-matrix-test-functions allows TCP 3306 to \S+-password\./,
  },
  {
    what: 'no rule lets a proxy out to the instance',
    change: (state) => state.remove(EGRESS, 'iam-proxy-to-database'),
    path: '/func2',
    status: 503,
    log: 'rds',
    reason: /does not reach its target: no egress rule of login-matrix-test-iam-proxy allows TCP 3306/,
  },
  {
    what: 'the instance lets no proxy in',
    change: (state) => {
      state.remove('aws_vpc_security_group_ingress_rule', 'database-from-iam-proxy');
      // It stands for every address, those of the VPC too.
      state.remove('aws_vpc_security_group_ingress_rule', 'database-from-0000-0');
    },
    path: '/func2',
    status: 503,
    log: 'rds',
    reason: /does not reach its target: no ingress rule of login-matrix-test-database allows TCP 3306/,
  },
  {
    what: 'no rule lets functions out to the endpoint of Secrets Manager',
    change: (state) => state.remove(EGRESS, 'functions-to-endpoint'),
    path: '/func1',
    status: 503,
    log: 'lambda',
    reason: /func1 does not reach Secrets Manager: no egress rule of login-matrix-test-functions allows TCP 443/,
  },
  {
    what: 'there is no endpoint of Secrets Manager',
    change: (state) => state.remove('aws_vpc_endpoint', 'secrets-endpoint'),
    path: '/func1',
    status: 503,
    log: 'lambda',
    reason: /func1 does not reach Secrets Manager: .* neither an interface endpoint with private DNS nor the internet/,
  },
  {
    what: 'the instance is not public',
    change: (state) => (state.one('aws_db_instance')['publicly_accessible'] = false),
    path: '/',
    status: 503,
    log: 'rds',
    reason: /A connection to login-matrix-test\.\S+ does not get through: \S+ is not publicly accessible/,
  },
  {
    what: 'the subnets of the instance have no route to the internet gateway',
    change: (state) => state.remove('aws_route', 'database-routes-internet'),
    path: '/',
    status: 503,
    log: 'rds',
    reason: /does not get through: \S+ has no route to an internet gateway in its subnet subnet-/,
  },
];

const CERTIFICATES: readonly Mistake[] = [
  {
    what: 'a function connects to a CNAME in front of the proxy',
    change: (state) => {
      const name = 'db.internal.example.com';
      state.add('aws_route53_record', 'db', { fqdn: name, type: 'CNAME', records: [proxyHost(state, 'password')] });
      environmentOf(state, 'func1')['DB_HOST'] = name;
    },
    path: '/func1',
    status: 502,
    log: functionLog('func1'),
    reason: /"code":"HANDSHAKE_SSL_ERROR"|altnames/,
  },
  {
    what: 'a function trusts the authorities of RDS at a proxy',
    change: (state) => (environmentOf(state, 'func1')['DB_CA_FILE'] = '/opt/certs/rds.pem'),
    path: '/func1',
    status: 502,
    log: functionLog('func1'),
    reason: /"code":"HANDSHAKE_SSL_ERROR"/,
  },
];

const HTTP: readonly Mistake[] = [
  {
    what: 'the key is not in the usage plan',
    change: (state) => state.remove('aws_api_gateway_usage_plan_key', 'generation-1'),
    path: '/items',
    status: 403,
    log: 'api-gateway',
    reason: /"path":"\/live\/items","status":"403".*"error":"Forbidden"/,
  },
  {
    what: 'CloudFront sends no key',
    change: (state) => (state.one('aws_cloudfront_distribution')['origin'][0].custom_header = []),
    path: '/items',
    status: 403,
    log: 'api-gateway',
    reason: /"path":"\/live\/items","status":"403".*"error":"Forbidden"/,
  },
  {
    what: 'API Gateway may not invoke a function',
    change: (state) => state.remove('aws_lambda_permission', 'functions_items_'),
    path: '/items',
    status: 500,
    log: 'api-gateway',
    reason: /"integrationError":"Invalid permissions on Lambda function"/,
  },
];

const proxyHost = (state: ChangedState, name: string): string => state.one('aws_db_proxy', `${name}-proxy`)['endpoint'];

const ROUTES = ['/', '/func1', '/func2', '/items'];

/** What somebody did wrong breaks the deployment as it would on AWS, and the logs tell why. */
export function breaks(running: EndToEnd): void {
  beforeEach(() => running.logs.mark());

  const breaksWhere = ({ change, path, status, log, reason }: Mistake): Promise<void> =>
    running.whileChanged(change, async () => {
      const answer = await running.get(path);
      expect([answer.status, answer.text]).toEqual([status, expect.not.stringMatching(/secret|certificate|10\.20\./)]);
      expect(await running.logs.since(log, reason)).toMatch(reason);
    });

  describe('a login fails where', () => {
    it.each(LOGINS)('$what', breaksWhere);

    it('the secret has no username', async () => {
      const { arn } = running.one('aws_secretsmanager_secret');
      const text = await running.secret(arn);
      const { password } = JSON.parse(text);
      await running.putSecret(arn, JSON.stringify({ password }));
      try {
        await running.whileChanged(
          () => undefined,
          async () => {
            expect((await running.get('/func2')).status).toBe(502);
            expect(await running.logs.since('rds', /username/)).toMatch(/The secret \S+ has no username/);
            expect((await running.get('/func1')).status).toBe(500);
            const reason = /The secret \S+ must be JSON with the strings username and password/;
            expect(await running.logs.since(functionLog('func1'), reason)).toMatch(reason);
          },
        );
      } finally {
        await running.putSecret(arn, text);
      }
    });

    it('a proxy requires IAM and no TLS, which RDS does not make at all', async () => {
      const noTls: Change = (state) => (state.one('aws_db_proxy', 'iam-proxy')['require_tls'] = false);
      await expect(running.serveChanged(noTls)).rejects.toThrow(
        'require_tls of the proxy login-matrix-test-iam must be true, got false: RDS Proxy refuses iam_auth REQUIRED without TLS. Set it to true.',
      );
      await running.serve();
    });
  });

  describe('nothing gets through where', () => {
    it.each(NETWORK)('$what', breaksWhere);

    it('the instance is not public, save from the VPC', async () => {
      const closed: Change = (state) => (state.one('aws_db_instance')['publicly_accessible'] = false);
      await running.whileChanged(closed, async () => {
        const statuses = await Promise.all(ROUTES.map(async (path) => (await running.get(path)).status));
        expect(statuses).toEqual([503, 200, 200, 200]);
      });
    });
  });

  describe('a certificate is not accepted where', () => {
    it.each(CERTIFICATES)('$what', breaksWhere);

    it('the layer carries the chain of another service', async () => {
      const rds = readFileSync(join(__dirname, '..', '..', 'certs', 'rds', 'eu-central-1.pem'));
      const hash = await publishLayer(running, zip({ 'certs/amazon-roots.pem': rds, 'certs/rds.pem': rds }));
      await breaksWhere({
        what: 'the layer carries the chain of another service',
        change: (state) => (state.one('aws_lambda_layer_version')['code_sha256'] = hash),
        path: '/func2',
        status: 502,
        log: functionLog('func2'),
        reason: /"code":"HANDSHAKE_SSL_ERROR"/,
      });
    });
  });

  describe('the API refuses where', () => {
    it.each(HTTP)('$what', breaksWhere);
  });

  it('is whole again when all is as it was', async () => {
    const statuses = await Promise.all(ROUTES.map(async (path) => (await running.get(path)).status));
    expect(statuses).toEqual([200, 200, 200, 200]);
  });
}

/** Uploads a version of a layer. @returns SHA-256 of its zip, base64 */
async function publishLayer({ deployment }: EndToEnd, bytes: Uint8Array): Promise<string> {
  const Content = { ZipFile: Buffer.from(bytes).toString('base64') };
  const answer = await fetch(`${deployment.aws.url}/2018-10-31/layers/other/versions`, {
    method: 'POST',
    headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/lambda/aws4_request' },
    body: JSON.stringify({ Content }),
  });
  return ((await answer.json()) as { Content: { CodeSha256: string } }).Content.CodeSha256;
}
