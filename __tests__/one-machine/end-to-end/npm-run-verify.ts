import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AwsClient } from '../../../local/__tests__/support';
import { servedEndpoints, writeEndpoints } from '../../../start/endpoints-file';
import { verify } from '../../../verify/verify';
import type { Values } from '../support/changed-state';
import type { Change, RunningDeployment } from '../support/running-deployment';

const ROOT = join(__dirname, '..', '..', '..');

/** Runs the groups of checks with these titles. @returns what was seen in each row that is not as expected, by the name of the row */
export async function verifiedDifferences(
  running: RunningDeployment,
  ...titles: string[]
): Promise<Record<string, string>> {
  const { outputs, addresses, authority, controlPlane } = servedEndpoints(running.deployment, running.served);
  // With a pause of 15 ms, `verify` sends at most 67 requests a second. The deployment's throttle allows 100.
  const deployment = { outputs, reach: { addresses, authority, pauseMs: 15 }, controlPlane };
  const differences: Record<string, string> = {};
  for await (const row of verify(deployment, { titles })) {
    if (row.outcome !== 'as expected') differences[row.what] = row.seen;
  }
  return differences;
}

/** Runs the checks of `npm run verify` on the correct deployment and on changed ones. `mistakes.ts` has more changed deployments. */
export function testNpmRunVerify(running: RunningDeployment): void {
  const differencesWhile = async (change: Change, ...titles: string[]): Promise<Record<string, string>> => {
    let differences: Record<string, string> = {};
    await running.whileChanged(change, async () => {
      differences = await verifiedDifferences(running, ...titles);
    });
    return differences;
  };

  describe('npm run verify', () => {
    it('finds no difference, and writes a report without account ids and addresses', async () => {
      writeEndpoints(running.deploymentFolder, servedEndpoints(running.deployment, running.served));
      const report = join(running.folder, 'report');
      const [environment, folder] = [basename(running.deploymentFolder), dirname(running.deploymentFolder)];
      const args = ['--import', 'tsx', 'verify/main.ts', environment, '--folder', folder, '--report', report];
      const { stdout } = await promisify(execFile)('node', args, { cwd: ROOT });
      expect(stdout).toMatch(/\d{3} as expected, 0 different, 0 not checked\n/);
      for (const extension of ['json', 'md']) {
        const text = readFileSync(`${report}.${extension}`, 'utf8');
        expect(text).toContain('GET /func1');
        expect(text).not.toMatch(/\d{12}|203\.0\.113|2001:db8|127\.0\.|amazonaws|cloudfront\.net|arn:/);
      }
    });

    it('reports routes that refuse the key because it is not in the usage plan', async () => {
      const withoutKey: Change = (state) => state.remove('aws_api_gateway_usage_plan_key', 'generation-1');
      const differences = await differencesWhile(withoutKey, 'Routes');
      expect(differences).toMatchObject({
        'GET /items': '403 The API key is missing or wrong.',
        'GET /auth-matrix': '403 The API key is missing or wrong.',
        'GET /func2?limit=1': '403 The API key is missing or wrong.',
      });
    });

    it('reports an error that CloudFront caches for other callers', async () => {
      const cacheErrors: Change = (state) => {
        // Without this block CloudFront caches a 503 for 10 seconds.
        state.one('aws_cloudfront_distribution')['custom_error_response'] = [];
        state.one('aws_lambda_function', 'functions_items_')['reserved_concurrent_executions'] = 0;
      };
      const differences = await differencesWhile(cacheErrors, 'Routes', 'Error caching');
      expect(differences).toMatchObject({
        'GET /items': expect.stringMatching(/^503 The service cannot take the request/),
        'GET /items twice': expect.stringMatching(/^CloudFront answered the second request with the cached answer/),
      });
    });

    describe('with several faults at once', () => {
      const requireNoKey: Change = (state) => {
        const api = state.one('aws_api_gateway_rest_api');
        const body = JSON.parse(api['body']);
        delete body.paths['/items'].get.security;
        api['body'] = JSON.stringify(body);
      };
      const serveInsecurely: Change = (state) => {
        const [behavior] = state.one('aws_cloudfront_distribution')['default_cache_behavior'] as Values[];
        Object.assign(behavior ?? {}, { viewer_protocol_policy: 'allow-all', response_headers_policy_id: '' });
      };
      const requireTls: Change = (state) => {
        const parameters = state.one('aws_db_parameter_group')['parameter'] as Values[];
        for (const parameter of parameters)
          if (parameter['name'] === 'require_secure_transport') parameter['value'] = '1';
      };
      let differences: Record<string, string>;

      beforeAll(async () => {
        const { database } = running.deployment.aws;
        await database.query("CREATE USER left_over@'%' ACCOUNT LOCK");
        const titles = ['Routes', 'Refusals', 'Headers', 'Login matrix', 'Database users'];
        differences = await differencesWhile(
          (state) => {
            for (const change of [requireNoKey, serveInsecurely, requireTls]) change(state);
          },
          ...titles,
        );
        await database.query("DROP USER left_over@'%'");
      });

      it.each<[what: string, rows: Record<string, unknown>]>([
        [
          'a method that requires no key',
          { 'GET /items at API Gateway without a key': '200', 'GET /items at API Gateway with a wrong key': '200' },
        ],
        [
          'a distribution that serves without TLS and adds no security headers',
          {
            'GET /items without TLS': '200 without a redirect',
            'answer of /items': expect.stringMatching(/^no strict-transport-security, no x-content-type-options/),
            'answer of /no-such-route': expect.stringMatching(/^no strict-transport-security/),
          },
        ],
        [
          'logins of the matrix that have another outcome than expected',
          {
            'login by password at instance without TLS': 'is refused: the endpoint refuses connections without TLS',
            'GET /auth-matrix': 'not every login as expected',
          },
        ],
        ['an undeclared database user', { 'users of the database': 'undeclared: left_over' }],
      ])('reports %s', (_what, rows) => {
        expect(differences).toMatchObject(rows);
      });
    });

    it('reports an alarm in state ALARM', async () => {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const client = new CloudWatchClient({
        endpoint: running.deployment.aws.url,
        region: 'eu-central-1',
        credentials,
      });
      const setState = (StateValue: 'ALARM' | 'OK') =>
        client.send(
          new SetAlarmStateCommand({ AlarmName: 'login-matrix-test-api-5xx', StateValue, StateReason: '7 > 5' }),
        );
      await setState('ALARM');
      const differences = await verifiedDifferences(running, 'Alarms');
      await setState('OK');
      expect(differences).toEqual({
        'login-matrix-test-api-5xx': expect.stringMatching(/^ALARM: The functions answer 5xx.*7 > 5$/),
      });
    });

    it('reports a password in the environment of a function, and an API key in the outputs', async () => {
      const { lambda } = new AwsClient(running.deployment.aws.url);
      const { environment, function_name: FunctionName } = running.one('aws_lambda_function', 'functions_items_');
      const setVariables = (Variables: Record<string, string>) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      const [{ variables }] = environment;
      await setVariables({ ...variables, DB_PASSWORD: 'tiger' });
      const outputs = running.deployment.state.values?.outputs as Record<string, object>;
      outputs['leaked'] = { value: running.one('aws_api_gateway_api_key')['value'] };
      const differences = await verifiedDifferences(running, 'Exposed secrets');
      delete outputs['leaked'];
      await setVariables(variables);
      expect(differences).toEqual({
        outputs: 'leaked holds a long random text',
        'environment of login-matrix-test-items': 'DB_PASSWORD holds a secret according to its name',
      });
    });
  });
}
