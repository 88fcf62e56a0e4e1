import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { AwsClient } from '../../../local/__tests__/support';
import type { Measurement } from '../../../functions/auth-matrix/measure';
import { zip } from '../../../modules/compute/zip';
import type { Change, RunningDeployment } from '../support/running-deployment';
import { names as explainableNames } from '../../../start/explain/explain';
import { firstUnmetCondition, unmetConditionLike } from '../support/unmet-condition';
import {
  CERTIFICATE_MISTAKES,
  functionLog,
  HTTP_MISTAKES,
  LOGIN_MISTAKES,
  NETWORK_MISTAKES,
  PROXY_WITHOUT_TLS,
  type Mistake,
  type DatabaseMistake,
} from './mistakes';
import { verifiedDifferences } from './npm-run-verify';

/** Makes one mistake at a time in the deployment. Expects the answer that callers get on AWS, and its reason in the logs. */
export function testBrokenDeployments(running: RunningDeployment): void {
  const expectFailure = ({ change, path, status, log, reason, verified }: Mistake): Promise<void> =>
    running.whileChanged(change, async () => {
      const response = await running.get(path);
      expect([response.status, response.text]).toEqual([
        status,
        expect.not.stringMatching(/secret|certificate|10\.20\./),
      ]);
      expect(await running.logs.since(log, reason)).toMatch(reason);
      if (verified === undefined) return;
      const expectedRows = Object.entries(verified).map(([row, seen]) => [row, expect.stringMatching(seen)]);
      expect(await verifiedDifferences(running, 'Routes', 'Targets of the proxies')).toEqual(
        Object.fromEntries(expectedRows),
      );
    });

  const expectDatabaseFailure = async ({ check, explained, ...mistake }: DatabaseMistake): Promise<void> => {
    await expectFailure(mistake);
    const name = mistake.path === '/' ? 'users' : mistake.path.slice(1);
    expect(await running.logs.since(functionLog(name), check)).toMatch(new RegExp(`"check":\\[[^\\n]*${check.source}`));
    expect(firstUnmetCondition(running.explain(name, mistake.change))).toEqual(unmetConditionLike(explained));
  };

  describe('a login fails if', () => {
    it.each(LOGIN_MISTAKES)('$title', expectDatabaseFailure);

    it('the secret that a proxy and a function use has no username', async () => {
      const { arn } = running.one('aws_secretsmanager_secret', 'timestamps');
      const text = await running.secret(arn);
      const { password } = JSON.parse(text);
      await running.putSecret(arn, JSON.stringify({ password }));
      try {
        await running.whileChanged(
          // Even without a change, the functions get new containers, which read the secret again.
          () => undefined,
          async () => {
            expect((await running.get('/func2')).status).toBe(502);
            expect(await running.logs.since('rds', /username/)).toMatch(/The secret \S+ has no username/);
            const [first, second] = [await running.get('/func1'), await running.get('/func1')];
            expect([first.status, second.status]).toEqual([500, 500]);
            // CloudFront caches no error.
            expect(second.json().requestId).not.toBe(first.json().requestId);
            const reason = /The secret \S+ must be JSON with the strings username and password/;
            expect(await running.logs.since(functionLog('func1'), reason)).toMatch(reason);
          },
        );
      } finally {
        await running.putSecret(arn, text);
      }
    });

    it('the proxy requires IAM but not TLS: RDS does not create such a proxy', async () => {
      const withoutTls: Change = (state) => (state.one('aws_db_proxy', 'iam-proxy')['require_tls'] = false);
      await running.whileChanged(withoutTls, async () => {
        expect((await running.get('/func2')).status).toBe(503);
        const reason = /There is no proxy 'login-matrix-test-iam': require_tls must be true, got false/;
        expect(await running.logs.since('rds', reason)).toMatch(reason);
        expect(firstUnmetCondition(running.explain('func2', withoutTls))).toEqual(
          unmetConditionLike(PROXY_WITHOUT_TLS),
        );
        // `–` means that the target cannot be used; the matrix expects a usable proxy.
        const { agrees, probes } = (await running.get('/auth-matrix')).json() as Measurement;
        const atProxy = probes.filter(({ target }) => target === 'iam-proxy').map(({ observed }) => observed);
        expect({ agrees, atProxy }).toEqual({ agrees: false, atProxy: ['–', '–', '–', '–'] });
      });
    });
  });

  describe('a connection times out if', () => {
    it.each(NETWORK_MISTAKES)('$title', expectDatabaseFailure);
  });

  describe('a certificate is rejected if', () => {
    it.each(CERTIFICATE_MISTAKES)('$title', expectDatabaseFailure);

    it('the layer has the authorities of RDS in place of those of the proxies', async () => {
      const rdsAuthorities = readFileSync(join(__dirname, '..', '..', '..', 'certs', 'rds', 'eu-central-1.pem'));
      const hash = await publishLayer(
        running,
        zip({ 'certs/amazon-roots.pem': rdsAuthorities, 'certs/rds.pem': rdsAuthorities }),
      );
      await expectDatabaseFailure({
        title: 'the layer has the authorities of RDS in place of those of the proxies',
        change: (state) => (state.one('aws_lambda_layer_version')['code_sha256'] = hash),
        path: '/func2',
        status: 502,
        log: functionLog('func2'),
        reason: /"code":"HANDSHAKE_SSL_ERROR"/,
        check: /no authority in DB_CA_FILE signed the certificate/,
        explained: [
          /^\/opt\/certs\/amazon-roots\.pem holds the authority that signs the certificate/,
          /^Publish a layer in which \/opt\/certs\/amazon-roots\.pem holds the root certificates of Amazon Trust Services/,
        ],
      });
    });
  });

  describe('the API refuses requests if', () => {
    it.each(HTTP_MISTAKES)('$title', expectFailure);
  });

  it('the deployment without mistakes fulfils every condition that npm start -- explain lists', () => {
    const { functions, users } = explainableNames(running.deployment.applied);
    // `explain` reads logins from environment variables, so it does not list login-check, whose logins are in its event. Functions use
    // six of the users; people log in as `analyst`.
    expect({ functions: functions.length, users: users.length }).toEqual({ functions: 7, users: 7 });
    for (const name of [...functions, ...users]) expect(firstUnmetCondition(running.explain(name))).toBeUndefined();
  });

  it('the deployment answers requests again once the mistakes are reverted', async () => {
    const answers = await Promise.all(['/', '/func1', '/func2', '/items'].map((path) => running.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
}

/** Uploads a version of a layer to the local AWS. @returns SHA-256 of its zip, base64 */
async function publishLayer({ deployment }: RunningDeployment, bytes: Uint8Array): Promise<string> {
  const publish = new PublishLayerVersionCommand({ LayerName: 'other', Content: { ZipFile: bytes } });
  const { Content } = await new AwsClient(deployment.aws.url).lambda.send(publish);
  return Content?.CodeSha256 ?? '';
}
