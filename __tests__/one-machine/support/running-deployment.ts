import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Applied, type LocalDeployment, type Served, type TerraformPlan } from '../../../local';
import { call, type HttpRequest, type HttpResponse, Logs } from '../../../local/__tests__/support';
import { explain, type Explanation } from '../../../start/explain/explain';
import { zipsIn } from '../../../start/explain/zips';
import { planSummary, type PlanSummary } from '../../../start/cli/plan-summary';
import { startDeployment } from '../../../start/deployment';
import { createApp } from '../../../modules/app';
import type { Environment } from '../../../modules/settings/settings';
import { differencesFromDocument } from '../../support/api-conformance';
import { ChangedState } from './changed-state';
import { progressPrinter } from './progress';
import { changesIn } from './terraform-configuration';
import { allFeatures } from '../../support/stack';

/** Changes Terraform's state to simulate a stack that differs from the applied one. */
export type Change = (state: ChangedState) => void;

/** Changes the files of a synthesised stack in its folder. */
export type EditStack = (folder: string) => void;

/** The environment with all features, deployed on this machine. */
export class RunningDeployment {
  readonly folder = mkdtempSync(join(tmpdir(), 'end-to-end-'));
  /** Folder for the deployment's files. */
  readonly deploymentFolder = join(this.folder, 'kept');
  readonly logs = new Logs(join(this.deploymentFolder, 'logs'));
  deployment!: LocalDeployment;
  served!: Served;

  /** Synthesises, applies and serves the stack. */
  async start(): Promise<void> {
    createApp([allFeatures], join(this.folder, 'synthesised')).synth();
    await this.open();
    await this.deployment.apply();
    await this.serve();
  }

  /** Starts the local AWS for the stack that `start` synthesises. The local AWS keeps the state of its previous run, if there was one. */
  async open(): Promise<void> {
    const stack = join(this.folder, 'synthesised', 'stacks', allFeatures.name);
    const progress = progressPrinter('Terraform');
    this.deployment = await startDeployment({ stack, folder: this.deploymentFolder, progress });
  }

  /** Applies other settings while the API is served. @param edit changes the synthesised files first */
  async change(
    environment: Environment,
    edit?: EditStack,
  ): Promise<{ readonly plan: TerraformPlan; readonly summary: PlanSummary }> {
    const outdir = join(this.folder, 'changed');
    rmSync(outdir, { recursive: true, force: true });
    createApp([environment], outdir).synth();
    const stack = join(outdir, 'stacks', environment.name);
    edit?.(stack);
    this.deployment.change(stack);
    const plan = await this.deployment.plan();
    await this.deployment.apply();
    // Without a route, no API is served: `served` keeps its previous value until a later change adds a route.
    this.served = (await this.deployment.serve()) ?? this.served;
    return { plan, summary: planSummary(plan) };
  }

  async stop(): Promise<void> {
    await this.deployment.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Plans the applied settings again. @returns the changes, as `changesIn` lists them */
  async remainingChanges(): Promise<string[]> {
    return changesIn(await (await this.deployment.openTerraform()).plan());
  }

  /** The paths of the deployed API. */
  get paths(): readonly string[] {
    const { paths } = JSON.parse(this.one('aws_api_gateway_rest_api')['body'] as string) as { paths: object };
    return Object.keys(paths);
  }

  /** Returns the values of the only resource that has this type, and this word in its address. */
  one(type: string, word = ''): any {
    return new ChangedState(this.deployment.state).one(type, word);
  }

  /** Explains the logins of a function or user, in the applied or in a changed state. */
  explain(name: string, change: Change = () => undefined): Explanation[] {
    const state = new ChangedState(this.deployment.state);
    change(state);
    return explain(new Applied(state.state), name, zipsIn(this.deploymentFolder));
  }

  /** Serves the applied stack. */
  serve(): Promise<void> {
    return this.serveChanged(() => undefined);
  }

  /** Serves the applied stack with a change. */
  async serveChanged(change: Change): Promise<void> {
    const state = new ChangedState(this.deployment.state);
    change(state);
    const served = await this.deployment.aws.serve(new Applied(state.state));
    if (served === undefined) throw new Error('No API is served');
    this.served = served;
  }

  /** Serves the applied stack with a change while work runs, then without the change. */
  async whileChanged(change: Change, work: () => Promise<void>): Promise<void> {
    try {
      await this.serveChanged((state) => {
        // Existing containers and connections would not use the change. The redeployment replaces the containers, and the failover
        // closes the connections of the proxies.
        state.redeployFunctions();
        change(state);
      });
      await this.failOver();
      await work();
    } finally {
      await this.serve();
      await this.failOver();
    }
  }

  /** Closes the connections of functions, proxies and clients to the database, like a failover. */
  async failOver(): Promise<void> {
    for (const id of await this.databaseConnections()) {
      await this.deployment.aws.database.query('KILL CONNECTION ?', [id]).catch(() => undefined);
    }
  }

  /** Returns the ids of the connections of functions, proxies and clients in the database. */
  async databaseConnections(): Promise<number[]> {
    const statement = "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER NOT IN ('root', 'system user')";
    return (await this.deployment.aws.database.query<{ id: number }>(statement)).map(({ id }) => id);
  }

  /**
   * Calls CloudFront, by default from 127.0.0.1, which stands for the first office of the allowlist. If the call uses TLS,
   * checks that the answer is as in the API's document.
   */
  async get(path: string, change: Partial<HttpRequest> = {}): Promise<HttpResponse> {
    const { domain_name: host } = this.one('aws_cloudfront_distribution');
    const { pem: ca } = this.deployment.aws.authorities.amazon;
    const request: HttpRequest = { port: this.served.edge.httpsPort, host, path, ca, ...change };
    const response = await call(request);
    // Without TLS every answer is a redirect to https, which the API's document does not list.
    if (request.ca !== undefined) expect(differencesFromDocument(request.method ?? 'GET', path, response)).toEqual([]);
    return response;
  }

  /** Calls API Gateway without CloudFront. */
  getFromApiGateway(path: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> {
    const { address, port, domainName: host } = this.served.api;
    const { pem: ca } = this.deployment.aws.authorities.amazon;
    return call({ address, port, host, path: `/live${path}`, ca, headers });
  }

  /** Returns the text of a secret. @param stage label of the version to read */
  async secret(arn: string, stage = 'AWSCURRENT'): Promise<string> {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });
    return (await this.secretsManager().send(command)).SecretString ?? '';
  }

  /**
   * Changes the text of a secret. Moves AWSCURRENT in a request of its own: after a rotation, moto's PutSecretValue may take that
   * label from the wrong version.
   */
  async putSecret(SecretId: string, SecretString: string): Promise<void> {
    const client = this.secretsManager();
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT'));
    const { VersionId } = await client.send(
      new PutSecretValueCommand({ SecretId, SecretString, VersionStages: ['AWSPENDING'] }),
    );
    for (const move of [
      { VersionStage: 'AWSCURRENT', MoveToVersionId: VersionId, RemoveFromVersionId: current },
      { VersionStage: 'AWSPENDING', RemoveFromVersionId: VersionId },
    ]) {
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, ...move }));
    }
  }

  /** Rotates a secret. Returns once the rotation has ended: the local AWS answers only then, unlike AWS. */
  async rotateSecret(arn: string): Promise<void> {
    await this.secretsManager().send(new RotateSecretCommand({ SecretId: arn }));
  }

  /** Serves the applied stack with this minimum time between two rotations of a secret. */
  allowRotationsEvery(seconds: number): Promise<void> {
    return this.serveChanged((state) => {
      state.redeployFunctions();
      const [environment] = state.one('aws_lambda_function', 'rotation')['environment'];
      environment.variables['ROTATION_PAUSE_SECONDS'] = String(seconds);
    });
  }

  private secretsManager(): SecretsManagerClient {
    const { url: endpoint } = this.deployment.aws;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    return new SecretsManagerClient({ endpoint, region: allFeatures.region, credentials });
  }
}
