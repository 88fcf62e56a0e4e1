import type { ChangedState } from '../support/changed-state';
import type { Change } from '../support/running-deployment';

/** A mistake in a deployment, and its symptoms. */
export interface Mistake {
  /** Completes a title that ends with `if`, such as `a login fails if`. */
  readonly title: string;
  readonly change: Change;
  /** The request that fails, and its status. */
  readonly path: string;
  readonly status: number;
  /** Name of the log with the reason. The logs `rds` and `lambda` exist only on one machine, not on AWS. */
  readonly log: string;
  readonly reason: RegExp;
  /**
   * Texts that `npm run verify` shows for rows with an unexpected result. The keys are these rows. Must list all such rows of the groups
   * `Routes` and `Targets of the proxies`.
   *
   * @default - not tested, to save time
   */
  readonly verified?: Readonly<Record<string, RegExp>>;
}

/** A mistake that makes the function behind the path unable to use the database. */
export interface DatabaseMistake extends Mistake {
  /** What the function logs as `check`. */
  readonly check: RegExp;
  /** The first unmet condition that `npm start -- explain` shows, and its fix. */
  readonly explained: readonly [needs: RegExp, fix: RegExp];
}

/** Returns the name of a function's log. */
export const functionLog = (name: string): string => `login-matrix-test-${name}`;

const environmentOf = (state: ChangedState, name: string): Record<string, string> =>
  state.one('aws_lambda_function', `functions_${name}_`)['environment'][0].variables;

const EGRESS = 'aws_vpc_security_group_egress_rule';

export const LOGIN_MISTAKES: readonly DatabaseMistake[] = [
  {
    title: 'a policy names the identifier of the instance instead of its resource id',
    change: (state) => {
      const { identifier, resource_id } = state.one('aws_db_instance');
      const policy = state.one('aws_iam_role_policy', 'functions_items_role_ConnectAs-items');
      policy['policy'] = String(policy['policy']).replace(resource_id, identifier);
    },
    path: '/items',
    status: 502,
    log: 'rds',
    reason:
      /login of 'items'@'10\.20\.\d+\.\d+' is refused: \S+items is not authorized to perform: rds-db:connect on resource: \S+:dbuser:db-\w+\/items/,
    check:
      /the role of this function must allow rds-db:connect on \S+:dbuser:db-…\/items, where db-… is the resource id/,
    explained: [
      /items may log in as 'items'$/,
      /^Allow rds-db:connect on \S+:dbuser:db-\w+\/items in a policy of \S+-items\. The ARN contains the resource id/,
    ],
    verified: {
      'GET /items':
        /^502 The database refused the login of this service\. Reason: the role of this function must allow rds-db:connect on /,
      'HEAD /items': /^not checked: GET \/items fails$/,
    },
  },
  {
    title: 'a policy allows logins only as another user',
    change: (state) => {
      const policy = state.one('aws_iam_role_policy', 'functions_func2_role_ConnectTo-iam-proxy-As-timestamps');
      policy['policy'] = String(policy['policy']).replace('/timestamps"', '/items"');
    },
    path: '/func2',
    status: 502,
    log: 'rds',
    reason:
      /login of 'timestamps'@.* is refused: \S+func2 is not authorized to perform: rds-db:connect on resource: \S+:dbuser:prx-\w+\/timestamps/,
    check: /the role of this function must allow rds-db:connect on \S+:dbuser:prx-…\/timestamps, where prx-…/,
    explained: [
      /func2 may log in as 'timestamps'$/,
      /^Allow rds-db:connect on \S+:dbuser:prx-\w+\/timestamps in a policy of \S+-func2\./,
    ],
  },
  {
    title: 'IAM database authentication of the instance is off',
    change: (state) => (state.one('aws_db_instance')['iam_database_authentication_enabled'] = false),
    path: '/items',
    status: 502,
    log: 'rds',
    reason: /login of 'items'@.* is refused: IAM database authentication of the instance is off/,
    check: /the user 'items' does not exist there, .* or IAM database authentication is off/,
    explained: [
      /^IAM database authentication of the instance is on$/,
      /^Set iam_database_authentication_enabled of the instance to true/,
    ],
  },
  {
    title: 'the role of a proxy may not read its secret',
    change: (state) => state.remove('aws_iam_role_policy', 'password-proxy_role_ReadSecret'),
    path: '/func1',
    status: 502,
    log: 'rds',
    reason:
      /role\/login-matrix-test-password-proxy is not authorized to perform: secretsmanager:GetSecretValue on resource: \S+timestamps-/,
    check: /the proxy has no secret for 'timestamps': .* role must be able to read this secret/,
    explained: [
      /^the proxy \S+-password may read the secret \S+timestamps-\S+$/,
      /^Allow secretsmanager:GetSecretValue on \S+timestamps-\S+ in a policy of \S+-password-proxy\.$/,
    ],
    verified: {
      'GET /func1?limit=1': /^502 .* Reason: the proxy has no secret for 'timestamps'/,
      'GET /func1?limit=1 stores the time': /^not checked: GET \/func1 fails$/,
      'HEAD /func1': /^not checked: GET \/func1 fails$/,
      'login-matrix-test-password to login-matrix-test':
        /^UNAVAILABLE, AUTH_FAILURE, the proxy \S+ can read no secret that contains/,
    },
  },
  {
    title: 'a function has the ARN of another secret',
    change: (state) => {
      const [{ secret_arn }] = state.one('aws_db_instance')['master_user_secret'];
      environmentOf(state, 'func1')['DB_SECRET_ARN'] = secret_arn;
    },
    path: '/func1',
    status: 502,
    log: functionLog('func1'),
    reason: /"AccessDeniedException","reason":"User: \S+ is not authorized to perform: secretsmanager:GetSecretValue/,
    check:
      /IAM does not allow the role of this function to use the secret \S+: the role needs secretsmanager:GetSecretValue/,
    explained: [
      /func1 may read the secret \S+rds!db-\S+$/,
      /^Set DB_SECRET_ARN to \S+timestamps-\S+, which \S+-func1 may read/,
    ],
  },
];

export const NETWORK_MISTAKES: readonly DatabaseMistake[] = [
  {
    title: 'no rule lets functions out to the password proxy',
    change: (state) => state.remove(EGRESS, 'functions-to-password-proxy'),
    path: '/func1',
    status: 503,
    log: 'rds',
    reason:
      /is blocked: no egress rule of the security group "login-matrix-test-functions" allows TCP 3306 to \S+-password\./,
    check:
      /nothing answers at \S+-password\.\S+:3306: from inside the VPC, the function's security group must allow port 3306 out/,
    explained: [
      /^an egress rule of the security group \S+-functions" allows TCP 3306 to \S+-password\./,
      /^In the security group \S+-functions", add an egress rule for TCP 3306 to \S+-password\./,
    ],
  },
  {
    title: 'no rule lets a proxy out to the instance',
    change: (state) => state.remove(EGRESS, 'iam-proxy-to-database'),
    path: '/func2',
    status: 503,
    log: 'rds',
    reason:
      /cannot reach its target: no egress rule of the security group "login-matrix-test-iam-proxy" allows TCP 3306/,
    check:
      /(nothing answers at \S+-iam\.\S+:3306|the proxy has no free connection).* or the proxy cannot reach its target/,
    explained: [
      /^an egress rule of the security group \S+-iam-proxy" allows TCP 3306 to login-matrix-test\./,
      /^In the security group \S+-iam-proxy", add an egress rule for TCP 3306 /,
    ],
    verified: {
      'GET /func2?limit=1':
        /^503 .* Reason: (nothing answers at \S+-iam\.\S+:3306|the proxy has no free connection).* or the proxy cannot reach its target/,
      'GET /func2?limit=1 stores the time': /^not checked: GET \/func2 fails$/,
      'HEAD /func2': /^not checked: GET \/func2 fails$/,
      'login-matrix-test-iam to login-matrix-test':
        /^UNAVAILABLE, UNREACHABLE, no egress rule of the security group "login-matrix-test-iam-proxy" allows TCP 3306/,
    },
  },
  {
    title: 'no rule of the instance lets a proxy in',
    change: (state) => {
      state.remove('aws_vpc_security_group_ingress_rule', 'database-from-iam-proxy');
      // This rule allows every IPv4 address, also those of the VPC.
      state.remove('aws_vpc_security_group_ingress_rule', 'database-from-0000-0');
    },
    path: '/func2',
    status: 503,
    log: 'rds',
    reason:
      /cannot reach its target: no ingress rule of the security group "login-matrix-test-database" allows TCP 3306/,
    check:
      /(nothing answers at \S+-iam\.\S+:3306|the proxy has no free connection).* or the proxy cannot reach its target/,
    explained: [
      /^an ingress rule of the security group \S+-database" allows TCP 3306 from \S+-iam\./,
      /^In the security group \S+-database", add an ingress rule for TCP 3306 /,
    ],
  },
  {
    title: 'no rule lets functions out to the endpoint of Secrets Manager',
    change: (state) => state.remove(EGRESS, 'functions-to-endpoint'),
    path: '/func1',
    status: 503,
    log: 'lambda',
    reason:
      /func1 cannot reach Secrets Manager: no egress rule of the security group "login-matrix-test-functions" allows TCP 443/,
    check: /Secrets Manager is unreachable: .* the function's security group must allow TCP 443 to the endpoint/,
    explained: [
      /^an egress rule of the security group \S+-functions" allows TCP 443 to the endpoint of Secrets Manager/,
      /^In the security group \S+-functions", add an egress rule for TCP 443 /,
    ],
  },
  {
    title: 'there is no endpoint of Secrets Manager',
    change: (state) => state.remove('aws_vpc_endpoint', 'secrets-endpoint'),
    path: '/func1',
    status: 503,
    log: 'lambda',
    reason:
      /func1 cannot reach Secrets Manager: .* neither an interface endpoint of Secrets Manager with private DNS nor a way to the internet/,
    check: /Secrets Manager is unreachable: in the VPC, an endpoint of Secrets Manager with private DNS must exist/,
    explained: [/func1 can reach Secrets Manager$/, /^Add an interface endpoint of Secrets Manager with private DNS/],
  },
  {
    title: 'the instance is not public',
    change: (state) => (state.one('aws_db_instance')['publicly_accessible'] = false),
    path: '/',
    status: 503,
    log: 'rds',
    reason: /A connection to login-matrix-test\.\S+ is blocked: \S+ is not publicly accessible/,
    check: /nothing answers at login-matrix-test\.\S+:3306: .* the instance must be publicly accessible/,
    explained: [/^login-matrix-test\.\S+ is publicly accessible$/, /^Set publicly_accessible of the instance to true/],
    verified: {
      'GET /': /^503 .* Reason: nothing answers at .* the instance must be publicly accessible/,
      'HEAD /': /^not checked: GET \/ fails$/,
    },
  },
  {
    title: 'the subnets of the instance have no route to the internet gateway',
    change: (state) => state.remove('aws_route', 'database-routes-internet'),
    path: '/',
    status: 503,
    log: 'rds',
    reason: /is blocked: \S+ is in subnet-[\w-]+, a subnet without a route to an internet gateway/,
    check: /nothing answers at .* its subnets need a route to an internet gateway/,
    explained: [
      /^the subnet of login-matrix-test\.\S+ has a route to an internet gateway$/,
      /^In the route table of subnet-[\w-]+, add an aws_route for 0\.0\.0\.0\/0 to an internet gateway\.$/,
    ],
  },
];

export const CERTIFICATE_MISTAKES: readonly DatabaseMistake[] = [
  {
    title: 'a function connects to a CNAME in front of a proxy',
    change: (state) => {
      const name = 'db.internal.example.com';
      const { endpoint } = state.one('aws_db_proxy', 'password-proxy');
      state.add('aws_route53_record', 'db', { fqdn: name, type: 'CNAME', records: [endpoint] });
      environmentOf(state, 'func1')['DB_HOST'] = name;
    },
    path: '/func1',
    status: 502,
    log: functionLog('func1'),
    reason: /"code":"HANDSHAKE_SSL_ERROR"|altnames/,
    check: /the certificate is not for /,
    explained: [/^db\.internal\.example\.com is the endpoint's own name/, /^Set DB_HOST to \S+-password\.\S+: /],
  },
  {
    title: 'a function connects to a proxy but trusts only the certificate authorities of the instance',
    change: (state) => (environmentOf(state, 'func1')['DB_CA_FILE'] = '/opt/certs/rds.pem'),
    path: '/func1',
    status: 502,
    log: functionLog('func1'),
    reason: /"code":"HANDSHAKE_SSL_ERROR"/,
    check: /no authority in DB_CA_FILE signed the certificate/,
    explained: [
      /^\/opt\/certs\/rds\.pem holds the authority that signs the certificate: Amazon Trust Services/,
      /^Set DB_CA_FILE to \/opt\/certs\/amazon-roots\.pem/,
    ],
  },
];

/** The unmet condition of a proxy that requires IAM but not TLS, and its fix. */
export const PROXY_WITHOUT_TLS = [
  /^the proxy \S+-iam requires TLS if clients log in by IAM$/,
  /^Set require_tls to true\.$/,
] as const;

export const HTTP_MISTAKES: readonly Mistake[] = [
  {
    title: 'the key is not in the usage plan',
    change: (state) => state.remove('aws_api_gateway_usage_plan_key', 'generation-1'),
    path: '/items',
    status: 403,
    log: 'api-gateway',
    reason: /"path":"\/live\/items","status":"403".*"error":"Forbidden"/,
  },
  {
    title: 'CloudFront sends no key',
    change: (state) => (state.one('aws_cloudfront_distribution')['origin'][0].custom_header = []),
    path: '/items',
    status: 403,
    log: 'api-gateway',
    reason: /"path":"\/live\/items","status":"403".*"error":"Forbidden"/,
  },
  {
    title: 'API Gateway may not invoke a function',
    change: (state) => state.remove('aws_lambda_permission', 'functions_items_get-by-api'),
    path: '/items',
    status: 503,
    log: 'api-gateway',
    reason: /"integrationError":"Execution failed due to configuration error: Invalid permissions on Lambda function"/,
    verified: {
      'GET /items':
        /^503 The service cannot take the request .* Reason: Execution failed due to configuration error: Invalid permissions on Lambda function/,
      'HEAD /items': /^not checked: GET \/items fails$/,
    },
  },
  {
    title: 'Lambda throttles a function',
    change: (state) => (state.one('aws_lambda_function', 'functions_items_')['reserved_concurrent_executions'] = 0),
    path: '/items',
    status: 503,
    log: 'api-gateway',
    reason: /"integrationError":"Execution failed due to configuration error: Rate Exceeded\."/,
  },
];
