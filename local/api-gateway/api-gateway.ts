import type { IncomingMessage } from 'node:http';
import type { Applied } from '../applied';
import { headerOf, hostName, type HttpResponse } from '../http/headers';
import { mayInvoke } from '../lambda/invoke-permission';
import { publicAddresses } from '../network/internet';
import { renderLogLine, type ContextVariables } from './context';
import { GatewayResponses } from './gateway-responses';
import { invokeInTime, type Invoke } from './integration';
import { isBinary, proxyEvent } from './proxy-event';
import { proxyAnswer } from './proxy-response';
import { configurationError, GatewayError, RESPONSE_TYPES } from './gateway-error';
import { contextOf, isTooLong, readRequest, type ApiRequest } from './request';
import { readRestApi, type RestApi, type Stage } from './rest-api';
import type { ApiMethod } from './methods';
import { UsagePlans } from './usage-plans';

export interface ApiGatewayOptions {
  readonly applied: Applied;
  readonly invoke: Invoke;
  /** Takes the lines of the access log. */
  readonly log: (line: string) => void;
}

export interface HandledRequest {
  readonly request: ApiRequest;
  readonly answer: HttpResponse;
}

/** The answer to a foreign host name or an unknown stage. Gateway responses apply only to requests that reach a stage. */
const FORBIDDEN: HttpResponse = {
  status: 403,
  headers: [
    ['content-type', 'application/json'],
    ['x-amzn-ErrorType', RESPONSE_TYPES.INVALID_API_KEY.errorType],
  ],
  body: Buffer.from('{"message":"Forbidden"}'),
};

/** AWS documents the size limit, but not this response, which callers have reported. Gateway responses cannot change it. */
const TOO_LONG: HttpResponse = {
  status: 431,
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('HTTP header is larger than 10240 bytes.'),
};

/** Passes each request through the REST API: route, key, usage plan, permission, function. */
export class ApiGateway {
  private readonly api: RestApi;
  private readonly plans: UsagePlans;
  private readonly responses: GatewayResponses;
  private readonly sourceIpOf: (loopback: string) => string;
  private readonly permitted = new Map<string, boolean>();

  constructor(private readonly options: ApiGatewayOptions) {
    const { applied } = options;
    this.api = readRestApi(applied);
    this.plans = new UsagePlans(applied, this.api.id);
    this.responses = new GatewayResponses(this.api.gatewayResponses);
    this.sourceIpOf = publicAddresses(applied);
  }

  get domainName(): string {
    return this.api.domainName;
  }

  async handle(incoming: IncomingMessage): Promise<HandledRequest> {
    const request = readRequest(incoming, this.sourceIpOf(incoming.socket.remoteAddress ?? ''));
    if (isTooLong(incoming)) return { request, answer: TOO_LONG };
    const stage = this.api.stages.get(request.stageName);
    const isOwnHost = hostName(incoming.headers.host ?? '') === this.domainName;
    if (stage === undefined || !isOwnHost) return { request, answer: FORBIDDEN };
    const context = contextOf(request, this.api, stage);
    const answer = await this.execute(request, stage, context).catch((error: unknown) => {
      if (error instanceof GatewayError) return this.responses.answer(error, context);
      throw error;
    });
    if (stage.accessLogFormat !== undefined) {
      const responseLatency = String(Date.now() - request.receivedAt.getTime());
      const outcome = { status: String(answer.status), responseLength: String(answer.body.length), responseLatency };
      this.options.log(renderLogLine(stage.accessLogFormat, { ...context, ...outcome }));
    }
    return { request, answer };
  }

  private async execute(request: ApiRequest, stage: Stage, context: ContextVariables): Promise<HttpResponse> {
    const match = this.api.router.find(request.method, request.path);
    if (match === undefined) {
      // API Gateway treats any Authorization header as Signature Version 4: https://github.com/DataBiosphere/azul/issues/7470
      const hasAuthorization = headerOf(request.headers, 'authorization') !== undefined;
      throw new GatewayError(hasAuthorization ? 'DEFAULT_4XX' : 'MISSING_AUTHENTICATION_TOKEN');
    }
    const { route } = match;
    context['resourceId'] = route.resourceId;
    context['resourcePath'] = route.resourcePath;
    const now = request.receivedAt.getTime();
    const apiKeyId = route.apiKeyRequired ? this.plans.admit(request.apiKey, stage.name, now) : undefined;
    context['identity.apiKeyId'] = apiKeyId;
    if (!this.mayInvoke(route, stage, request.method)) {
      throw new GatewayError('API_CONFIGURATION_ERROR', configurationError('Invalid permissions on Lambda function'));
    }
    const body = await request.body();
    const event = proxyEvent({ api: this.api, stage, match, request, apiKeyId, body });
    const invokedAt = Date.now();
    const invocation = await invokeInTime(this.options.invoke, route, event);
    context['integration.integrationStatus'] = '200';
    context['integrationLatency'] = context['integration.latency'] = String(Date.now() - invokedAt);
    return proxyAnswer(invocation, isBinary(this.api, headerOf(request.headers, 'accept')));
  }

  /**
   * Returns whether a stage may invoke a function. Keeps each decision, because this ApiGateway's resources never change: `server.ts`
   * creates a new ApiGateway for changed resources.
   */
  private mayInvoke({ functionArn, resourcePath }: ApiMethod, stage: Stage, method: string): boolean {
    const sourceArn = `${this.api.executionArn}/${stage.name}/${method}${resourcePath}`;
    const permitted =
      this.permitted.get(sourceArn) ??
      mayInvoke(this.options.applied, 'apigateway.amazonaws.com', functionArn, sourceArn);
    this.permitted.set(sourceArn, permitted);
    return permitted;
  }
}
