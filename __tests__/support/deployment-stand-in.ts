import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Aws } from '../../verify/aws';
import type { RawOutputs } from '../../verify/outputs';
import { verify, type Deployment, type GroupedRow } from '../../verify/verify';
import { selfSigned } from './certificates';

export const API_HOST = 'api.acme.org';
export const GATEWAY_HOST = 'a1b2c3.execute-api.eu-central-1.amazonaws.com';

/** A response of the stand-in, which a fault may change. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A request that the stand-in received. */
export interface ReceivedRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
}

/** Changes some of the correct replies into wrong ones. */
export type Fault = (reply: Reply, request: ReceivedRequest) => void;

const ITEMS = [1, 2, 3, 4].map((id) => ({ id, name: `item ${id}` }));

/** Database users, including those of MySQL and RDS. */
const USERS = ['admin', 'analyst', 'items', 'mysql.sys', 'rdsadmin'];

/** Titles of the checks that always query AWS. The check `Routes` queries AWS only if a route fails. */
const AWS_CHECKS = ['Error caching', 'Alarms', 'Targets of the proxies', 'Exposed secrets'];

/** A probe in the response of `GET /auth-matrix`: a login that connects (`o`), as expected. */
const PROBE = { login: 'iam', target: 'instance', tls: true, expected: 'o', observed: 'o', reason: null };

/** Servers that reply like CloudFront and API Gateway of a correct deployment, or with one fault. */
export class StandIn {
  private fault: Fault = () => undefined;

  private constructor(
    private readonly trustedCertificate: string,
    private readonly httpsServer: https.Server,
    private readonly httpServer: http.Server,
  ) {}

  /** @param tls options of the HTTPS server, such as the TLS versions. @default - TLS 1.2 and newer */
  static async start(tls: https.ServerOptions = {}): Promise<StandIn> {
    const certificate = await selfSigned({ name: `CN=${API_HOST}`, hosts: [API_HOST, GATEWAY_HOST] });
    const standIn: StandIn = new StandIn(
      certificate.cert,
      https.createServer({ ...certificate, ...tls }, (incoming, response) =>
        standIn.answer(incoming, response, correctReply),
      ),
      http.createServer((incoming, response) => standIn.answer(incoming, response, redirectToHttps)),
    );
    for (const server of [standIn.httpsServer, standIn.httpServer])
      await once(server.listen(0, '127.0.0.1'), 'listening');
    return standIn;
  }

  stop(): void {
    for (const server of [this.httpsServer, this.httpServer]) {
      server.close();
      server.closeAllConnections();
    }
  }

  /** Returns the deployment to verify. */
  deployment(change: Partial<Deployment> = {}): Deployment {
    const addressOf = (server: http.Server | https.Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [httpsAddress, httpAddress] = [addressOf(this.httpsServer), addressOf(this.httpServer)];
    const addresses = {
      [`${API_HOST}:443`]: httpsAddress,
      [`${API_HOST}:80`]: httpAddress,
      [`${GATEWAY_HOST}:443`]: httpsAddress,
    };
    return { outputs: OUTPUTS, reach: { addresses, authority: this.trustedCertificate, pauseMs: 0 }, ...change };
  }

  /** Gives the API this fault, until another call replaces it. */
  setFault(fault: Fault): void {
    this.fault = fault;
  }

  /** Gives the API a fault, and returns the rows that are not as expected or were not checked. */
  async unexpectedRows(fault: Fault, change?: Partial<Deployment>): Promise<GroupedRow[]> {
    this.setFault(fault);
    return (await checkedRows(this.deployment(change))).filter(({ outcome }) => outcome !== 'as expected');
  }

  /** Gives the API a fault. Returns the results of the unexpected rows, keyed by what each row checks. */
  async unexpectedResults(fault: Fault): Promise<Record<string, string>> {
    return Object.fromEntries((await this.unexpectedRows(fault)).map((row) => [row.what, row.seen]));
  }

  /** Replaces answers of AWS, and runs the checks that always query AWS. Returns what each unexpected row checks, and the row's result. */
  async unexpectedInAws(aws: Partial<Aws>): Promise<string[][]> {
    this.setFault(() => undefined);
    const rows = await checkedRows(this.deployment(), aws, AWS_CHECKS);
    return rows.filter(({ outcome }) => outcome !== 'as expected').map(({ what, seen }) => [what, seen]);
  }

  private answer(
    incoming: http.IncomingMessage,
    response: http.ServerResponse,
    replyTo: (request: ReceivedRequest) => Reply,
  ): void {
    const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://localhost');
    const { host = '' } = incoming.headers;
    const path = pathname.replace(/^\/live(?=\/)/, '');
    const request = { host, method: incoming.method ?? '', path, query: searchParams, headers: incoming.headers };
    const reply = replyTo(request);
    this.fault(reply, request);
    response.writeHead(reply.status, reply.headers).end(request.method === 'HEAD' ? undefined : reply.body);
  }
}

/** Starts the servers before the tests of a file and stops them afterwards. @returns a function that returns them */
export function standInForAllTests(): () => StandIn {
  let standIn: StandIn;
  beforeAll(async () => (standIn = await StandIn.start()));
  afterAll(() => standIn.stop());
  return () => standIn;
}

/** Runs the checks of a deployment and returns their rows. @param titles of the checks. @default - all */
export async function checkedRows(
  deployment: Deployment,
  aws: Partial<Aws> = {},
  titles?: readonly string[],
): Promise<GroupedRow[]> {
  const rows: GroupedRow[] = [];
  for await (const row of verify(deployment, { aws: { ...CORRECT_AWS, ...aws }, ...(titles && { titles }) }))
    rows.push(row);
  return rows;
}

const ITEMS_FUNCTION = 'login-matrix-test-items';

export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:login-matrix-test-alarms';
export const GLOBAL_TOPIC = 'arn:aws:sns:us-east-1:123456789012:login-matrix-test-global-alarms';

export const OUTPUTS: RawOutputs = Object.fromEntries(
  Object.entries({
    api_url: `https://${API_HOST}`,
    api_gateway_url: `https://${GATEWAY_HOST}/live`,
    password_proxy_endpoint: 'login-matrix-test-password.proxy-abc.eu-central-1.rds.amazonaws.com',
    deployed: {
      region: 'eu-central-1',
      routes: [
        { path: '/items', function: ITEMS_FUNCTION },
        { path: '/func1', function: 'login-matrix-test-func1' },
        { path: '/auth-matrix', function: 'login-matrix-test-auth-matrix' },
        { path: '/', function: 'login-matrix-test-users' },
      ],
      functions: [ITEMS_FUNCTION],
      proxies: ['login-matrix-test-password'],
      database_users: ['items', 'analyst'],
      alarms: ['login-matrix-test-api-5xx'],
      global_alarms: ['login-matrix-test-waf-blocks'],
      alarm_topics: [TOPIC, GLOBAL_TOPIC],
      alarms_by_email: true,
      distribution_id: 'E1ABCDEFGHIJKL',
    },
  }).map(([name, value]) => [name, { value }]),
);

/** Answers like AWS for a correct deployment. */
export const CORRECT_AWS: Aws = {
  alarms: (_region, names) =>
    Promise.resolve(names.map((AlarmName) => ({ AlarmName, StateValue: 'OK' as const, AlarmActions: [TOPIC] }))),
  subscriptions: (topic) => Promise.resolve([{ Protocol: 'email', SubscriptionArn: `${topic}:6f1e` }]),
  proxyTargets: () => Promise.resolve([{ RdsResourceId: 'login-matrix-test', TargetHealth: { State: 'AVAILABLE' } }]),
  // The error line is harmless for a correct deployment: the checks read logs only after a route has answered 500 or above.
  logLines: () => Promise.resolve([JSON.stringify({ level: 'error', check: ['the user is granted nothing'] })]),
  environment: () =>
    Promise.resolve({ DB_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-AbCdEf' }),
  distribution: () =>
    Promise.resolve({
      DistributionConfig: {
        CustomErrorResponses: {
          Items: [404, 414, 500, 501, 502, 503, 504].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
        },
      },
    } as never),
};

/** Replies like CloudFront to a request without TLS. */
const redirectToHttps = ({ host }: ReceivedRequest): Reply => ({
  status: 301,
  headers: { location: `https://${host}` },
  body: '',
});

function correctReply(request: ReceivedRequest): Reply {
  const id = randomUUID();
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': id,
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'x-xss-protection': '1; mode=block',
    'referrer-policy': 'strict-origin-when-cross-origin',
  };
  const { status, body } = contentFor(request);
  const isPage = request.path === '/auth-matrix' && request.headers.accept === 'text/html';
  if (isPage) headers['content-type'] = 'text/html; charset=utf-8';
  const json = JSON.stringify(status < 400 ? body : { ...body, requestId: id });
  return { status, headers, body: isPage ? '<!doctype html>' : json };
}

function contentFor({ host, method, path, query }: ReceivedRequest): { status: number; body: object } {
  const error = (status: number, message: string) => ({ status, body: { error: message } });
  if (host === GATEWAY_HOST) return error(403, 'The API key is missing or wrong.');
  if (method !== 'GET' && method !== 'HEAD') return error(403, 'This method is not allowed.');
  const ifNoParameters = (body: object) =>
    query.size > 0 ? error(400, 'This route has no parameters.') : { status: 200, body };
  if (path === '/auth-matrix') return ifNoParameters({ agrees: true, probes: [PROBE] });
  if (path === '/') return ifNoParameters({ users: USERS });
  if (path !== '/items' && path !== '/func1') return error(404, 'There is no such route.');
  const limit = query.get('limit') ?? '100';
  const cursor = query.get('cursor');
  const areNamesKnown = [...query.keys()].every((name) => name === 'limit' || name === 'cursor');
  const areValuesValid =
    /^[1-9]\d{0,2}$|^1000$/.test(limit) && query.getAll('limit').length < 2 && /^\d+$/.test(cursor ?? '0');
  return areNamesKnown && areValuesValid
    ? { status: 200, body: pageOf(path, Number(limit), cursor) }
    : error(400, 'A parameter is unknown, repeated or invalid.');
}

/** Returns one page of a list. The times of /func1 are constant. On its first page, `recorded` is the newest time. */
function pageOf(path: string, limit: number, cursor: string | null): object {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  const next = end < ITEMS.length ? String(end) : null;
  if (path === '/items') return { items: ITEMS.slice(start, end), next };
  const times = ITEMS.map(({ id }) => `2026-01-0${9 - id}T00:00:00.000Z`);
  return {
    via: 'password-proxy',
    recorded: cursor === null ? times[0] : null,
    timestamps: times.slice(start, end),
    next,
  };
}
