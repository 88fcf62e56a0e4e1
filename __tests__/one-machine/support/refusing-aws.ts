import { createServer, request as sendRequest, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, toAwsCall } from '../../../local/__tests__/support';

/** Selects calls by name: `rds ModifyDBProxy`, or for a REST API `lambda DELETE /2015-03-31/functions/name`. */
type CallFilter = (name: string) => boolean;

/** An HTTP proxy between Terraform and the local AWS. It refuses selected calls as unauthorized, or runs work before them. */
export class RefusingAws {
  /** Names of the selected calls that arrived since the selection. */
  readonly matched: string[] = [];
  url = '';
  private matches: CallFilter = () => false;
  /** Called for each selected call. Returns whether it is refused. */
  private onMatch: () => boolean = () => false;
  private readonly server: Server;

  /** @param awsUrl returns the URL of the local AWS, which may start later */
  constructor(private readonly awsUrl: () => string) {
    this.server = createServer((incoming, response) => {
      this.answer(incoming)
        .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
        .catch(() => response.destroy());
    });
  }

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await listen(this.server, '127.0.0.1', 0, () => undefined)}`;
  }

  /** Refuses the selected calls from now on. Replaces an earlier selection. */
  refuse(matches: CallFilter): void {
    this.watch(matches, () => true);
  }

  /** Runs work before each selected call, which then gets its normal answer. Replaces an earlier selection. */
  runBefore(matches: CallFilter, work: () => void): void {
    this.watch(matches, () => {
      work();
      return false;
    });
  }

  allowAll(): void {
    this.watch(
      () => false,
      () => false,
    );
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(incoming: IncomingMessage) {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const body = await buffer(incoming);
    const call = toAwsCall({ method, path, headers, body });
    const name = `${call?.service ?? ''} ${call?.action ?? `${method} ${decodeURIComponent(path)}`}`;
    if (this.matches(name)) {
      this.matched.push(name);
      if (this.onMatch()) return refusal(call?.service);
    }
    return this.forward(method, path, headers, body);
  }

  private watch(matches: CallFilter, onMatch: () => boolean): void {
    this.matched.length = 0;
    this.matches = matches;
    this.onMatch = onMatch;
  }

  private async forward(method: string, path: string, headers: IncomingMessage['headers'], body: Buffer) {
    const aws = new URL(this.awsUrl());
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { host: aws.hostname, port: aws.port, method, path, headers: { ...headers, host: aws.host } };
      sendRequest(options, resolve).on('error', reject).end(body);
    });
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) };
  }
}

/**
 * Returns a refusal in XML for the services listed below, otherwise in JSON, as API Gateway, Lambda and Secrets Manager answer.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
function refusal(service = '') {
  const message = 'User: arn:aws:iam::123456789012:user/deployer is not authorized to perform this action';
  const json = { __type: 'AccessDeniedException', message };
  const inXml = ['cloudfront', 'ec2', 'iam', 'rds', 'route53'].includes(service);
  const code = service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied';
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  const xml =
    service === 'ec2'
      ? `<Response><Errors><Error>${error}</Error></Errors><RequestID>1</RequestID></Response>`
      : `<ErrorResponse><Error>${error}</Error><RequestId>1</RequestId></ErrorResponse>`;
  return {
    status: 403,
    headers: inXml ? { 'content-type': 'text/xml' } : { 'x-amzn-errortype': json.__type },
    body: Buffer.from(inXml ? xml : JSON.stringify(json)),
  };
}
