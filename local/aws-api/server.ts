import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Applied } from '../applied';
import { Permissions } from '../iam/permissions';
import { AwsError } from '../lambda/aws-error';
import type { Invocation } from '../lambda/invocation';
import { mayInvoke } from '../lambda/invoke-permission';
import { Lambda, type CallingFunction, type LambdaOptions } from '../lambda/lambda';
import { listen } from '../processes/listen';
import { ApiGatewayAccount } from './api-gateway-account';
import { AWS_JSON, toAwsCall } from '../http/aws-call';
import { callerRefusal } from './callers';
import { IssuedCredentials, type TemporaryCredentials } from './issued-credentials';
import { receiveRequest, type WholeResponse, type WholeRequest } from '../http/exchange';
import { Guard } from './guard';
import { answerInvoke, toInvoke } from './invoke';
import { LogEvents } from './log-events';
import { MotoLink, type JournalFile } from '../moto/moto-link';
import { asNewerProviderSends } from '../terraform/older-provider';
import { ProxyTargets, type ProxyTargetsOptions } from './proxy-targets';
import { SecretRotation, type RotationEvent } from './secret-rotation';
import { Uploads } from './uploads';

export interface AwsApiServerOptions extends Omit<LambdaOptions, 'endpoint' | 'zip' | 'credentials'> {
  /** Socket of moto. */
  readonly upstream: string;
  /** Folder for uploaded zips, which later starts need, and for the files of running containers. */
  readonly folder: string;
  /** Returns why a container at this address cannot reach Secrets Manager; `undefined` if it can. */
  readonly reachesSecretsManager: (address: string) => string | undefined;
  /** Health of a proxy's target; `undefined` while the proxy is not served. */
  readonly targetHealthOf: ProxyTargetsOptions['healthOf'];
  /** Journal of all requests to moto, for a later start. @default - no journal */
  readonly journal?: JournalFile;
  readonly log: (line: string) => void;
}

/** The running endpoint of the AWS services. */
export interface AwsApiServer {
  /** URL of all services, for Terraform, the AWS CLI and the functions. */
  readonly url: string;
  /** Invokes a function. @throws AwsError if it does not exist or is throttled */
  invoke(functionArn: string, event: unknown): Promise<Invocation>;
  /** Starts runtime processes for the first calls of the applied functions. */
  prepare(applied: Applied): void;
  /** Returns valid credentials that were issued here, by access key id. */
  credentialsOf(accessKeyId: string): TemporaryCredentials | undefined;
  /** Returns credentials of a role for a service. @throws AwsApiError if the role does not exist */
  assumeRole(roleArn: string, session: string): Promise<TemporaryCredentials>;
  /** Stops the server and the functions. */
  stop(): Promise<void>;
}

/**
 * Starts the endpoint of the AWS services: moto with two additions. Invoke runs the applied function from its uploaded zip, for which moto would
 * need Docker. Calls of functions to AWS are authorized by their network and role, which moto does not do.
 */
export async function startAwsApi(options: AwsApiServerOptions): Promise<AwsApiServer> {
  const server = createServer();
  const [moto, port] = await Promise.all([
    MotoLink.open(options.upstream, options.journal),
    listen(server, '127.0.0.1', 0, options.log),
  ]);
  const handler = new RequestHandler(moto, port, options);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handler.answer(request, response).catch((error: unknown) => {
      options.log(`${request.method ?? ''} ${request.url ?? ''} got no answer: ${String(error)}`);
      response.destroy();
    });
  });
  return {
    url: handler.url,
    invoke: (functionArn, event) => handler.lambda.invoke(functionArn, event),
    prepare: (applied) => handler.lambda.prepare(applied),
    credentialsOf: (accessKeyId) => handler.issued.of(accessKeyId),
    assumeRole: (roleArn, session) => handler.issued.forService(handler.url, roleArn, session),
    stop: async () => {
      server.close();
      await handler.lambda.stop();
      server.closeAllConnections();
      await moto.close();
    },
  };
}

/** Handles the requests to the AWS services. */
class RequestHandler {
  readonly url: string;
  readonly issued = new IssuedCredentials();
  readonly lambda: Lambda;
  private readonly uploads: Uploads;
  private readonly guard: Guard;
  private readonly rotation: SecretRotation;
  private readonly apiGatewayAccount: ApiGatewayAccount;
  private readonly proxyTargets: ProxyTargets;
  private readonly logEvents: LogEvents;

  constructor(
    private readonly moto: MotoLink,
    private readonly port: number,
    private readonly options: AwsApiServerOptions,
  ) {
    const url = (this.url = `http://127.0.0.1:${port}`);
    const { folder } = options;
    this.uploads = new Uploads(join(folder, 'uploads'));
    const pass = (request: WholeRequest): Promise<WholeResponse> => this.moto.pass(request);
    this.rotation = new SecretRotation({
      pass,
      invoke: (functionArn, event) => this.invokeRotation(functionArn, event),
      log: options.log,
    });
    this.apiGatewayAccount = new ApiGatewayAccount(pass);
    this.logEvents = new LogEvents({ pass, folder: options.logFolder });
    this.proxyTargets = new ProxyTargets({ pass, healthOf: options.targetHealthOf });
    this.guard = new Guard(
      (accessKeyId) => this.issued.of(accessKeyId),
      (secretArn) => this.rotation.functionOf(secretArn),
    );
    this.lambda = new Lambda({
      ...options,
      folder: join(folder, 'containers'),
      endpoint: url,
      zip: (codeSha256) => this.uploads.zip(codeSha256),
      credentials: (roleArn, name, applied) => {
        demandTrust(applied, roleArn);
        return this.issued.forFunction(url, roleArn, name);
      },
    });
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = callerRefusal(incoming, this.port);
    if (refusal) {
      // Its body is not needed.
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
      await this.apiGatewayAccount.admit(request);
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
    if (SecretRotation.isAbout(request)) return this.rotation.answer(request);
    if (LogEvents.isAbout(request)) return this.logEvents.answer(request);
    if (ProxyTargets.isAbout(request)) return this.proxyTargets.answer(request);
    return this.moto.pass(asNewerProviderSends(request));
  }

  private async invokeRotation(functionArn: string, event: RotationEvent): Promise<Invocation> {
    const applied = await this.options.applied();
    if (mayInvoke(applied, 'secretsmanager.amazonaws.com', functionArn, event.SecretId)) {
      return this.lambda.invoke(functionArn, event);
    }
    const payload = `${functionArn} does not allow secretsmanager.amazonaws.com to invoke it for this secret`;
    return { payload, functionError: 'Unhandled', log: '' };
  }

  /** An unreachable endpoint does not answer: the connection stays open until the function times out. */
  private isUnreachable(request: WholeRequest, { called }: CallingFunction, address: string): boolean {
    if (toAwsCall(request)?.service !== 'secretsmanager') return false;
    const reason = this.options.reachesSecretsManager(address);
    if (reason !== undefined) this.options.log(`${called.function_name} cannot reach Secrets Manager: ${reason}`);
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

/** Sends an error in the JSON protocol, which all services that functions may call use. */
function refuse(response: ServerResponse, error: unknown): void {
  const { status, name, message } =
    error instanceof AwsError ? error : new AwsError(500, 'InternalFailure', String(error));
  const body = JSON.stringify({ __type: name, Message: message });
  response.writeHead(status, { 'Content-Type': AWS_JSON, 'X-Amzn-ErrorType': name }).end(body);
}
