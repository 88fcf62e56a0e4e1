import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Applied } from '../applied';
import { endToEndHeaders, hasBody, headersOf, hostName, type HttpResponse } from '../http/headers';
import { passBody } from '../http/pass-body';
import { publicAddresses } from '../network/internet';
import { cloudFrontHeaders, withSecurityHeaders } from './cloudfront-headers';
import type { Distribution } from './distribution';
import { ErrorCache } from './error-cache';
import { OriginError, OriginClient, type Resolve } from './origin-client';
import { originRequest } from './origin-request';
import { errorPage, customResponse, redirect } from './cloudfront-response';
import { readViewerRequest, type Scheme, type ViewerRequest } from './viewer-request';
import { wafLog, type WafLog } from './waf-log';
import { WebAcl } from './web-acl';

export interface CloudFrontOptions {
  readonly applied: Applied;
  readonly resolve: Resolve;
  /** PEM of the certificate authority that must have signed an origin's certificate. */
  readonly originCa: string;
  /** Takes the lines of the web ACL's log. */
  readonly logWaf: (line: string) => void;
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MAX_URL_BYTES = 8_192;

/** SECURITY: hosts that are accepted in addition to the distribution's names. All others get 403, which prevents DNS rebinding. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Passes requests to the origin, unless the web ACL, the distribution or a cached error answers them. */
export class CloudFront {
  private readonly names: ReadonlySet<string>;
  private readonly webAcl: WebAcl | undefined;
  private readonly logVerdict: WafLog | undefined;
  private readonly origin: OriginClient;
  private readonly errors: ErrorCache;
  private readonly addressOf: (loopback: string) => string;

  constructor(
    private readonly distribution: Distribution,
    { applied, resolve, originCa, logWaf }: CloudFrontOptions,
    private readonly httpsPort: () => number,
  ) {
    const { domainName, aliases, webAclArn, id } = distribution;
    this.names = new Set([domainName, ...aliases, ...LOCAL_NAMES]);
    this.webAcl = webAclArn === '' ? undefined : WebAcl.read(applied, webAclArn);
    this.logVerdict = this.webAcl && wafLog(applied, this.webAcl, id, logWaf);
    this.origin = new OriginClient(distribution.origin, resolve, originCa);
    this.errors = new ErrorCache(distribution.errorTtls);
    this.addressOf = publicAddresses(applied);
  }

  async handle(incoming: IncomingMessage, response: ServerResponse, scheme: Scheme): Promise<void> {
    // SECURITY: the address comes from the connection, because callers can forge headers.
    const request = readViewerRequest(incoming, scheme, this.addressOf(incoming.socket.remoteAddress ?? ''));
    const edgeAnswer = this.answerAtEdge(request, incoming);
    if (edgeAnswer) {
      send(response, edgeAnswer);
      return;
    }
    const cached = this.errors.get(cacheKey(request), Date.now());
    if (cached) {
      sendError(response, cached, request.id);
      return;
    }
    try {
      const answer = await this.origin.send(originRequest(this.distribution, request), incoming);
      await this.passOn(answer, response, request);
    } catch (error) {
      if (!(error instanceof OriginError)) throw error;
      this.answerError(response, errorPage(error.status, ORIGIN_ERRORS[error.status], request.id), request);
    }
  }

  stop(): void {
    this.origin.stop();
  }

  /** Returns the response of the web ACL or the distribution; `undefined` if neither answers the request itself. */
  private answerAtEdge(request: ViewerRequest, incoming: IncomingMessage): HttpResponse | undefined {
    const { id, method, scheme, host, url } = request;
    const { viewerProtocolPolicy, allowedMethods } = this.distribution;
    const refuse = (status: number, reason: string): HttpResponse => errorPage(status, reason, id);
    if (Buffer.byteLength(`${scheme}://${host}${url}`) > MAX_URL_BYTES) return refuse(413, 'Bad request.');
    if (!this.names.has(hostName(host))) return refuse(403, 'Bad request.');
    const verdict = this.webAcl?.judge(request.address);
    if (verdict) this.logVerdict?.(request, verdict);
    if (verdict?.action === 'BLOCK')
      return verdict.response ? customResponse(verdict.response, id) : refuse(403, 'Request blocked.');
    if (scheme === 'http' && viewerProtocolPolicy === 'https-only') return refuse(403, 'Bad request.');
    if (scheme === 'http' && viewerProtocolPolicy === 'redirect-to-https') {
      const port = this.httpsPort() === 443 ? '' : `:${this.httpsPort()}`;
      return redirect(`https://${hostName(host)}${port}${url}`, method, id);
    }
    if (!allowedMethods.includes(method)) return refuse(403, METHOD_NOT_ALLOWED);
    if (method === 'GET' && hasBody(incoming.headers)) return refuse(403, 'Bad request.');
    return undefined;
  }

  private async passOn(answer: IncomingMessage, response: ServerResponse, request: ViewerRequest): Promise<void> {
    const { statusCode: status = 502 } = answer;
    const originHeaders = endToEndHeaders(headersOf(answer));
    const headers = this.distribution.addsSecurityHeaders ? withSecurityHeaders(originHeaders) : originHeaders;
    if (status >= 400) {
      this.answerError(response, { status, headers, body: await buffer(answer) }, request);
      return;
    }
    response.writeHead(status, [...headers, ...cloudFrontHeaders(request.id, 'Miss')].flat());
    await passBody(answer, response);
  }

  /**
   * Sends an error, and caches it if the distribution caches the method.
   *
   * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachedMethods.html
   */
  private answerError(response: ServerResponse, error: HttpResponse, request: ViewerRequest): void {
    const isCached = this.distribution.cachedMethods.includes(request.method);
    if (isCached) this.errors.put(cacheKey(request), error, Date.now());
    sendError(response, error, request.id);
  }
}

/** The cache key of the policy CachingDisabled has no query and no headers, so all callers of a path share a cached error. */
const cacheKey = ({ method, path }: ViewerRequest): string => `${method} ${path}`;

const METHOD_NOT_ALLOWED =
  'This distribution is not configured to allow the HTTP request method that was used for this request.';

const ORIGIN_ERRORS = {
  502: 'CloudFront was not able to connect to the origin.',
  504: 'The origin did not answer CloudFront in time.',
} as const;

function sendError(response: ServerResponse, error: HttpResponse, id: string): void {
  const added = cloudFrontHeaders(id, 'Error');
  const others = error.headers.filter(([name]) => !added.some(([own]) => own === name.toLowerCase()));
  send(response, { ...error, headers: [...others, ...added] });
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, headers.flat()).end(body);
}
