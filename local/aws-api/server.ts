import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Applied } from '../applied';
import { Permissions } from '../iam/permissions';
import { AwsError } from '../lambda/aws-error';
import type { Invocation } from '../lambda/invocation';
import { mayInvoke } from '../lambda/invoke-permission';
import { Lambda, type CallingFunction, type LambdaOptions } from '../lambda/lambda';
import { listen } from '../processes/listen';
import { checkLoggingRole } from './api-gateway-account';
import { AWS_JSON, toAwsCall } from '../http/aws-call';
import { callerRefusal } from './callers';
import { IssuedCredentials } from './issued-credentials';
import { receiveRequest, type Pass, type WholeResponse, type WholeRequest } from '../http/exchange';
import { Guard } from './guard';
import { answerInvoke, toInvoke } from './invoke';
import { filterLogEvents, isFilterLogEvents } from './log-events';
import { MotoLink, type JournalFile } from '../moto/moto-link';
import { toNewerProviderRequest } from '../terraform/older-provider';
import { describeTargets, isDescribeTargets, type HealthOf } from './proxy-targets';
import { SecretRotation, type RotationEvent } from './secret-rotation';
import { Uploads } from './uploads';

export interface AwsApiServerOptions extends Omit<LambdaOptions, 'endpoint' | 'zipPath' | 'credentials'> {
  /** Socket of moto. */
  readonly upstream: string;
  /** Folder for uploaded zips and for the files of running containers. The zips are kept for later runs. */
  readonly folder: string;
  /** Returns why a container at this address cannot reach Secrets Manager; `undefined` if it can. */
  readonly judgeSecretsManager: (address: string) => string | undefined;
  /** Returns the health of a proxy's target; `undefined` if the proxy has no local endpoint. */
  readonly targetHealthOf: HealthOf;
  /** Journal of the requests that change moto, kept for later runs. */
  readonly journal: JournalFile;
  readonly log: (line: string) => void;
}

/**
 * The endpoint of all AWS services: moto, plus what moto lacks. Invoke runs the applied function from its uploaded zip; moto
 * would need Docker to run it. A call from a function succeeds only if the network and the role of the function allow the call.
 * RotateSecret invokes the rotation function. Logs and the health of proxies come from the local services.
 */
export class AwsApiServer {
  /** URL of all services, for Terraform, the AWS CLI and the functions. */
  readonly url: string;
  readonly issued: IssuedCredentials;
  readonly lambda: Lambda;
  private readonly uploads: Uploads;
  private readonly guard: Guard;
  private readonly rotation: SecretRotation;
  private readonly pass: Pass;

  static async start(options: AwsApiServerOptions): Promise<AwsApiServer> {
    const server = createServer();
    const [moto, port] = await Promise.all([
      MotoLink.open(options.upstream, options.journal),
      listen(server, '127.0.0.1', 0, options.log),
    ]);
    const api = new AwsApiServer(server, moto, port, options);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      api.answer(request, response).catch((error: unknown) => {
        options.log(`${request.method ?? ''} ${request.url ?? ''} got no answer: ${String(error)}`);
        response.destroy();
      });
    });
    return api;
  }

  private constructor(
    private readonly server: Server,
    private readonly moto: MotoLink,
    private readonly port: number,
    private readonly options: AwsApiServerOptions,
  ) {
    const url = (this.url = `http://127.0.0.1:${port}`);
    const { folder } = options;
    this.issued = new IssuedCredentials(url);
    this.uploads = new Uploads(join(folder, 'uploads'));
    this.pass = (request) => moto.pass(request);
    this.rotation = new SecretRotation({
      pass: this.pass,
      invoke: (functionArn, event) => this.invokeRotation(functionArn, event),
      log: options.log,
    });
    this.guard = new Guard(
      (accessKeyId) => this.issued.of(accessKeyId),
      (secretArn) => this.rotation.functionOf(secretArn),
    );
    this.lambda = new Lambda({
      ...options,
      folder: join(folder, 'containers'),
      endpoint: url,
      zipPath: (codeSha256) => this.uploads.zipPath(codeSha256),
      credentials: (roleArn, name, applied) => {
        demandTrust(applied, roleArn);
        return this.issued.forFunction(roleArn, name);
      },
    });
  }

  /** Stops the server and the functions. */
  async stop(): Promise<void> {
    this.server.close();
    await this.lambda.stop();
    this.server.closeAllConnections();
    await this.moto.close();
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = callerRefusal(incoming, this.port);
    if (refusal) {
      // The body of a refused request stays unread, so the connection cannot carry another request.
      response.setHeader('connection', 'close');
      refuse(response, refusal);
      return;
    }
    const request = await receiveRequest(incoming);
    const { remoteAddress = '' } = incoming.socket;
    const caller = this.lambda.callerAt(remoteAddress);
    try {
      if (caller && this.isUnreachable(request, caller, remoteAddress)) return;
      if (caller) this.guard.admit(request, caller);
      await checkLoggingRole(request, this.pass);
    } catch (error) {
      refuse(response, error);
      return;
    }
    const invoke = toInvoke(incoming);
    if (invoke) return answerInvoke(invoke, request, response, this.lambda);
    this.uploads.keep(request);
    try {
      const answer = await this.answerWhole(request);
      this.issued.learn(request, answer);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refuse(response, error);
    }
  }

  private answerWhole(request: WholeRequest): Promise<WholeResponse> {
    if (SecretRotation.handles(request)) return this.rotation.answer(request);
    const { logFolder, targetHealthOf } = this.options;
    if (isFilterLogEvents(request)) return filterLogEvents(request, this.pass, logFolder);
    if (isDescribeTargets(request)) return describeTargets(request, this.pass, targetHealthOf);
    return this.pass(toNewerProviderRequest(request));
  }

  private async invokeRotation(functionArn: string, event: RotationEvent): Promise<Invocation> {
    const applied = await this.options.applied();
    if (mayInvoke(applied, 'secretsmanager.amazonaws.com', functionArn, event.SecretId)) {
      return this.lambda.invoke(functionArn, event);
    }
    const payload = `${functionArn} does not allow secretsmanager.amazonaws.com to invoke it for this secret`;
    return { payload, functionError: 'Unhandled', log: '' };
  }

  /**
   * Returns whether a request to Secrets Manager comes from a function that cannot reach it. Such a request gets no answer: the
   * connection stays open until the function gives up or times out.
   */
  private isUnreachable(request: WholeRequest, { caller }: CallingFunction, address: string): boolean {
    if (toAwsCall(request)?.service !== 'secretsmanager') return false;
    const reason = this.options.judgeSecretsManager(address);
    if (reason !== undefined) this.options.log(`${caller.function_name} cannot reach Secrets Manager: ${reason}`);
    return reason !== undefined;
  }
}

/** @throws AwsError if the role's trust policy does not allow Lambda to assume it. */
function demandTrust(applied: Applied, roleArn: string): void {
  const { outcome } = Permissions.of(applied).trusts(roleArn, 'lambda.amazonaws.com');
  if (outcome === 'allowed') return;
  const message = 'The role defined for the function cannot be assumed by Lambda.';
  throw new AwsError(403, 'AccessDeniedException', message);
}

/** Sends an error in AWS's JSON protocol, even if the service of the request has another protocol. */
function refuse(response: ServerResponse, error: unknown): void {
  const { status, name, message } =
    error instanceof AwsError ? error : new AwsError(500, 'InternalFailure', String(error));
  const body = JSON.stringify({ __type: name, Message: message });
  response.writeHead(status, { 'Content-Type': AWS_JSON, 'X-Amzn-ErrorType': name }).end(body);
}
