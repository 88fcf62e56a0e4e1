import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Container, type Deployment } from '../lambda/container';

export interface LambdaFrontOptions {
  /** Where moto answers. */
  readonly moto: string;
  /** Where functions are unpacked. */
  readonly folder: string;
  /** Names that functions can look up, asked anew with each invocation. */
  readonly hosts: () => Promise<Readonly<Record<string, string>>>;
  /** What a function finds in its environment beside what the deployment put there. */
  readonly environment: (front: string) => Readonly<Record<string, string>>;
}

interface FunctionConfiguration {
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly Handler: string;
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly Layers?: readonly { readonly Arn: string }[];
}

const FUNCTIONS = '/2015-03-31/functions';
const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;
const CODE_UPDATE = /^\/2015-03-31\/functions\/([^/]+)\/code/;
const LAYER_VERSIONS = /^\/2018-10-31\/layers\/[^/]+\/versions/;

/**
 * AWS on one machine: everything is moto's, but Lambda's Invoke, which moto would run in Docker, is answered here by
 * running the function. The code is what was uploaded, kept while it passed by; the rest moto is asked for.
 */
export class LambdaFront {
  private readonly code = new Map<string, Uint8Array>();
  private readonly layers = new Map<string, Uint8Array>();
  private invocations = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: LambdaFrontOptions,
  ) {
    server.on('request', (incoming, outgoing) => {
      this.answer(incoming, outgoing).catch((error: unknown) => {
        outgoing.writeHead(500, { 'x-amzn-errortype': 'ServiceException' });
        outgoing.end(JSON.stringify({ Message: String(error) }));
      });
    });
  }

  static async start(options: LambdaFrontOptions): Promise<LambdaFront> {
    const server = createServer().listen(0, '127.0.0.1');
    const front = new LambdaFront(server, options);
    await once(server, 'listening');
    return front;
  }

  /** Where it answers. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat((await incoming.toArray()) as Buffer[]);
    const [, invoked] = INVOCATION.exec(incoming.url ?? '') ?? [];
    if (invoked !== undefined) {
      await this.invoke(nameOf(invoked), body, outgoing);
      return;
    }
    const answer = await this.pass(incoming, body);
    this.keepCode(incoming, body, answer.body);
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }

  /** Hands a request on as it came. */
  private async pass(
    incoming: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    const passed = request(new URL(incoming.url ?? '/', this.options.moto), {
      method: incoming.method,
      headers: incoming.headers,
    });
    passed.end(body);
    const [response] = (await once(passed, 'response')) as [IncomingMessage];
    const answered = Buffer.concat((await response.toArray()) as Buffer[]);
    return { status: response.statusCode ?? 500, headers: response.headers, body: answered };
  }

  private keepCode({ method, url = '' }: IncomingMessage, body: Buffer, answer: Buffer): void {
    const [, updated] = CODE_UPDATE.exec(url) ?? [];
    if (method === 'POST' && LAYER_VERSIONS.test(url)) {
      const { LayerVersionArn } = parse(answer) as { LayerVersionArn?: string };
      const { Content } = parse(body) as { Content?: { ZipFile?: string } };
      if (LayerVersionArn && Content?.ZipFile) this.layers.set(LayerVersionArn, unpacked(Content.ZipFile));
    } else if (method === 'POST' && url.split('?')[0]?.replace(/\/$/, '') === FUNCTIONS) {
      const { FunctionName, Code } = parse(body) as { FunctionName?: string; Code?: { ZipFile?: string } };
      if (FunctionName && Code?.ZipFile) this.code.set(FunctionName, unpacked(Code.ZipFile));
    } else if (method === 'PUT' && updated !== undefined) {
      const { ZipFile } = parse(body) as { ZipFile?: string };
      if (ZipFile) this.code.set(nameOf(updated), unpacked(ZipFile));
    }
  }

  private async invoke(name: string, body: Buffer, outgoing: ServerResponse): Promise<void> {
    const deployment = await this.deploymentOf(name);
    this.invocations += 1;
    const container = await Container.start(deployment, join(this.options.folder, `${name}-${this.invocations}`));
    const { payload, functionError, log } = await container.invoke(body.length > 0 ? parse(body) : {});
    await container.stop();
    outgoing.writeHead(200, {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      'x-amz-log-result': Buffer.from(log.slice(-4096)).toString('base64'),
      ...(functionError && { 'x-amz-function-error': functionError }),
    });
    outgoing.end(payload);
  }

  private async deploymentOf(name: string): Promise<Deployment> {
    const zip = this.code.get(name);
    if (zip === undefined) throw new Error(`The function ${name} was not uploaded through this front`);
    const { Configuration } = (await (await fetch(`${this.options.moto}${FUNCTIONS}/${name}`)).json()) as {
      Configuration: FunctionConfiguration;
    };
    const layers = (Configuration.Layers ?? []).map(({ Arn }) => this.layers.get(Arn));
    return {
      name,
      zip,
      layers: layers.filter((layer) => layer !== undefined),
      handler: Configuration.Handler,
      environment: { ...Configuration.Environment?.Variables, ...this.options.environment(this.url) },
      timeoutSeconds: Configuration.Timeout,
      memoryMib: Configuration.MemorySize,
      hosts: await this.options.hosts(),
    };
  }
}

/** A function may be named by its ARN. */
const nameOf = (nameOrArn: string): string => decodeURIComponent(nameOrArn).replace(/^arn:.*:function:/, '');

const unpacked = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}
