import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Applied } from '../../local/applied';
import { callAws } from '../../local/control-plane/aws-api';
import { startLambdaFront, type LambdaFront } from '../../local/control-plane/lambda-front';
import { startMoto, type Moto } from '../../local/control-plane/moto';
import { Terraform } from '../../local/control-plane/terraform';
import type { CredentialsOf } from '../../local/rds/token';
import { createApp } from '../../main';
import type { Environment } from '../../modules/settings/settings';
import { LocalRds } from './local-rds';
import { progressOf } from './progress';

/** An environment on a local AWS, with real functions and a real database. */
export class Deployment {
  private constructor(
    readonly settings: Environment,
    readonly moto: Moto,
    readonly front: LambdaFront,
    readonly rds: LocalRds,
    readonly terraform: Terraform,
    readonly secrets: SecretsManagerClient,
    private readonly folder: string,
  ) {}

  /**
   * Starts everything that the environment is applied to, and prepares Terraform.
   *
   * @param settingsOf the environment, told the id of a hosted zone for example.com, which it does not make itself
   */
  static async prepare(settingsOf: (hostedZoneId: string) => Environment): Promise<Deployment> {
    const moto = await startMoto();
    const settings = settingsOf(await createHostedZone(moto.url));
    const { name, region } = settings;
    const folder = mkdtempSync(join(tmpdir(), `${name}-`));
    const synthesised = join(folder, 'synthesised');
    createApp([settings], synthesised).synth();

    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const secrets = new SecretsManagerClient({ region, endpoint: moto.url, credentials });
    const credentialsOf: CredentialsOf = (accessKeyId) => {
      const secretAccessKey = front.secretKeyOf(accessKeyId);
      return secretAccessKey === undefined ? undefined : { secretAccessKey, roleArn: '' };
    };
    const rds = await LocalRds.start({ folder, secrets, credentialsOf });
    const front = await startLambdaFront({
      upstream: moto.url,
      folder: join(folder, 'functions'),
      overlays: [rds.authoritiesLayer],
      hosts: async () => {
        // The first to ask for the instance is the bootstrap, while Terraform applies.
        await rds.endpoints.update(new Applied(await terraform.show()));
        return rds.endpoints.hosts;
      },
    });
    const stack = join(synthesised, 'stacks', name);
    const progress = progressOf(name);
    const terraform: Terraform = await Terraform.open({ stack, folder, endpoint: front.url, progress });
    return new Deployment(settings, moto, front, rds, terraform, secrets, folder);
  }

  /** Calls a function as API Gateway does. @returns the status and the JSON of its answer */
  async call(functionName: string): Promise<{ statusCode: number; body: unknown }> {
    const event = { httpMethod: 'GET', multiValueQueryStringParameters: null, requestContext: { requestId: 'r' } };
    const lambda = { url: this.front.url, service: 'lambda', region: this.settings.region };
    const path = `/2015-03-31/functions/${functionName}/invocations`;
    const answer = await callAws(lambda, path, { method: 'POST', body: JSON.stringify(event) });
    const { statusCode, body } = (await answer.json()) as { statusCode: number; body: string };
    return { statusCode, body: JSON.parse(body) };
  }

  async stop(): Promise<void> {
    await this.front.stop();
    await this.rds.stop();
    await this.moto.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The ids of AWS start with Z; those of moto with any letter, so it is asked until it gives such a one. */
async function createHostedZone(url: string): Promise<string> {
  const route53 = { url, service: 'route53', region: 'us-east-1' };
  const body =
    '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">' +
    '<Name>example.com</Name><CallerReference>test</CallerReference></CreateHostedZoneRequest>';
  for (;;) {
    const answer = await (await callAws(route53, '/2013-04-01/hostedzone', { method: 'POST', body })).text();
    const id = /<Id>\/hostedzone\/(Z\w+)<\/Id>/.exec(answer)?.[1];
    if (id !== undefined) return id;
  }
}
