import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { servedEndpoints, writeEndpoints } from '../../../start/endpoints-file';
import { verify } from '../../../verify/verify';
import type { Values } from '../support/changed-state';
import type { Change, RunningDeployment } from '../support/running-deployment';
import { HTTP_MISTAKES, LOGIN_MISTAKES, NETWORK_MISTAKES } from './mistakes';

const MINUTE_MS = 60_000;

const ROOT = join(__dirname, '..', '..', '..');

const LOCAL = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Runs the checks of `npm run verify` on the correct deployment and on changed ones. */
export function testNpmRunVerify(running: RunningDeployment): void {
  /** Runs the checks with these titles. @returns the actual result of each check that is not as expected */
  const differences = async (...titles: string[]): Promise<Record<string, string>> => {
    const { outputs, addresses, authority, controlPlane } = servedEndpoints(running.deployment, running.served);
    const deployment = { outputs, reach: { addresses, authority, pauseMs: 15 }, controlPlane };
    const differing: Record<string, string> = {};
    for await (const row of verify(deployment, { titles })) {
      if (row.outcome !== 'as expected') differing[row.what] = row.seen;
    }
    return differing;
  };

  const differencesWhile = async (change: Change, ...titles: string[]): Promise<Record<string, string>> => {
    let differing: Record<string, string> = {};
    await running.whileChanged(change, async () => {
      differing = await differences(...titles);
    });
    return differing;
  };

  /** Returns the change of one of the known mistakes. */
  const changeOf = (what: string): Change => {
    const mistake = [...LOGIN_MISTAKES, ...NETWORK_MISTAKES, ...HTTP_MISTAKES].find(
      (candidate) => candidate.what === what,
    );
    if (mistake === undefined) throw new Error(`There is no mistake "${what}"`);
    return mistake.change;
  };

  describe('npm run verify', () => {
    it(
      'finds no difference, and writes a report without account ids and addresses',
      async () => {
        writeEndpoints(running.deploymentFolder, servedEndpoints(running.deployment, running.served));
        const report = join(running.folder, 'report');
        const program = ['--import', 'tsx', 'verify/main.ts'];
        const args = [...program, 'kept', '--folder', dirname(running.deploymentFolder), '--report', report];
        const { stdout } = await promisify(execFile)('node', args, { cwd: ROOT });
        expect(stdout).toMatch(/\d{3} as expected, 0 different, 0 not checked\n/);
        for (const extension of ['json', 'md']) {
          const text = readFileSync(`${report}.${extension}`, 'utf8');
          expect(text).toContain('GET /func1');
          expect(text).not.toMatch(/\d{12}|203\.0\.113|2001:db8|127\.0\.|amazonaws|cloudfront\.net|arn:/);
        }
      },
      2 * MINUTE_MS,
    );

    it.each<[what: string, seen: Record<string, RegExp>]>([
      [
        'a policy names the identifier of the instance and not its resource id',
        {
          'GET /items':
            /^502 The database refused the login of this service\. Reason: the role of this function allows rds-db:connect on /,
          'HEAD /items': /^not checked: GET \/items fails$/,
        },
      ],
      [
        'the role of a proxy may not read its secret',
        {
          'GET /func1?limit=1': /^502 .* Reason: the proxy has no secret for timestamps/,
          'GET /func1?limit=1 stores the time': /^not checked: GET \/func1 fails$/,
          'HEAD /func1': /^not checked: GET \/func1 fails$/,
          'login-matrix-test-password to login-matrix-test':
            /^UNAVAILABLE, AUTH_FAILURE, the proxy \S+ cannot read a secret/,
        },
      ],
      [
        'no rule lets a proxy out to the instance',
        {
          'GET /func2?limit=1':
            /^503 .* Reason: nothing answers at \S+-iam\.\S+:3306: .* or the proxy cannot reach its target/,
          'GET /func2?limit=1 stores the time': /^not checked: GET \/func2 fails$/,
          'HEAD /func2': /^not checked: GET \/func2 fails$/,
          'login-matrix-test-iam to login-matrix-test':
            /^UNAVAILABLE, UNREACHABLE, no egress rule of login-matrix-test-iam-proxy allows TCP 3306/,
        },
      ],
      [
        'the instance is not public',
        {
          'GET /': /^503 .* Reason: nothing answers at .* the instance must be publicly accessible/,
          'HEAD /': /^not checked: GET \/ fails$/,
        },
      ],
      [
        'API Gateway may not invoke a function',
        {
          'GET /items':
            /^503 The service cannot take the request .* Reason: Execution failed due to configuration error: Invalid permissions on Lambda function/,
          'HEAD /items': /^not checked: GET \/items fails$/,
        },
      ],
    ])('locates the fault if %s', async (what, seen) => {
      const found = await differencesWhile(changeOf(what), 'Routes', 'Targets of the proxies');
      expect(found).toEqual(
        Object.fromEntries(Object.entries(seen).map(([row, words]) => [row, expect.stringMatching(words)])),
      );
    });

    it('reports routes that refuse the key because it is not in the usage plan', async () => {
      const found = await differencesWhile(changeOf('the key is not in the usage plan'), 'Routes');
      expect(found).toMatchObject({
        'GET /items': '403 The API key is missing or wrong.',
        'GET /auth-matrix': '403 The API key is missing or wrong.',
        'GET /func2?limit=1': '403 The API key is missing or wrong.',
      });
    });

    it('reports an error that CloudFront caches for other callers', async () => {
      const cacheErrors: Change = (state) => {
        state.one('aws_cloudfront_distribution')['custom_error_response'] = [];
        state.one('aws_lambda_function', 'functions_items_')['reserved_concurrent_executions'] = 0;
      };
      const found = await differencesWhile(cacheErrors, 'Routes', 'Error caching');
      expect(found).toMatchObject({
        'GET /items': expect.stringMatching(/^503 The service cannot take the request/),
        'GET /items twice': expect.stringMatching(/^CloudFront answered the second request with the cached answer/),
      });
    });

    it('reports a method that requires no key', async () => {
      const requireNoKey: Change = (state) => {
        const api = state.one('aws_api_gateway_rest_api');
        const body = JSON.parse(api['body']);
        delete body.paths['/items'].get.security;
        api['body'] = JSON.stringify(body);
      };
      expect(await differencesWhile(requireNoKey, 'Refusals')).toEqual({
        'GET /items at API Gateway without a key': '200',
        'GET /items at API Gateway with a wrong key': '200',
      });
    });

    it('reports a distribution that serves without TLS and adds no security headers', async () => {
      const serveInsecurely: Change = (state) => {
        const [behavior] = state.one('aws_cloudfront_distribution')['default_cache_behavior'] as Values[];
        Object.assign(behavior ?? {}, { viewer_protocol_policy: 'allow-all', response_headers_policy_id: '' });
      };
      const found = await differencesWhile(serveInsecurely, 'Routes', 'Headers');
      expect(found).toMatchObject({
        'GET /items without TLS': '200 without a redirect',
        'answer of /items': expect.stringMatching(/^no strict-transport-security, no x-content-type-options/),
        'answer of /no-such-route': expect.stringMatching(/^no strict-transport-security/),
      });
    });

    it('reports logins of the matrix that have another outcome than expected', async () => {
      const requireTls: Change = (state) => {
        const parameters = state.one('aws_db_parameter_group')['parameter'] as Values[];
        for (const parameter of parameters)
          if (parameter['name'] === 'require_secure_transport') parameter['value'] = '1';
      };
      const found = await differencesWhile(requireTls, 'Routes', 'Login matrix');
      expect(found).toMatchObject({
        'login by password at instance without TLS': 'is refused: it refuses connections without TLS',
        'GET /auth-matrix': 'does not agree',
      });
    });

    it('reports an undeclared database user', async () => {
      const { database } = running.deployment.aws;
      await database.query("CREATE USER left_over@'%' ACCOUNT LOCK");
      const found = await differences('Routes', 'Database users');
      await database.query("DROP USER left_over@'%'");
      expect(found).toEqual({ 'users of the database': 'undeclared: left_over' });
    });

    it('reports an alarm in state ALARM', async () => {
      const client = new CloudWatchClient({ ...LOCAL, endpoint: running.deployment.aws.url });
      const setState = (StateValue: 'ALARM' | 'OK') =>
        client.send(
          new SetAlarmStateCommand({ AlarmName: 'login-matrix-test-api-5xx', StateValue, StateReason: '7 > 5' }),
        );
      await setState('ALARM');
      const found = await differences('Alarms');
      await setState('OK');
      expect(found).toEqual({
        'login-matrix-test-api-5xx': expect.stringMatching(/^ALARM: The functions answer 5xx.*7 > 5$/),
      });
    });

    it('reports a password in the environment of a function, and an API key in the outputs', async () => {
      const client = new LambdaClient({ ...LOCAL, endpoint: running.deployment.aws.url });
      const { environment, function_name: FunctionName } = running.one('aws_lambda_function', 'functions_items_');
      const setVariables = (Variables: Record<string, string>) =>
        client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      const [{ variables }] = environment;
      await setVariables({ ...variables, DB_PASSWORD: 'tiger' });
      const outputs = running.deployment.state.values?.outputs as Record<string, object>;
      outputs['leaked'] = { value: running.one('aws_api_gateway_api_key')['value'] };
      const found = await differences('Secrets out of sight');
      delete outputs['leaked'];
      await setVariables(variables);
      expect(found).toEqual({
        outputs: 'leaked holds a long random text',
        'environment of login-matrix-test-items': 'DB_PASSWORD holds a value whose name says that it is secret',
      });
    });
  });
}
