import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, ROOT } from './tools';

const START_SECONDS = 60;

/** A local AWS: moto, on a free loopback port. Its state is in memory and ends with it. */
export class Moto {
  private constructor(
    private readonly process: ChildProcess,
    /** Where it answers. */
    readonly url: string,
  ) {}

  /** @throws Error that tells how to install it where it is missing. */
  static async start(): Promise<Moto> {
    const port = await freePort();
    const server = spawn(findMoto(), ['-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
      // Managed policies can be attached, and certificates are proven at once.
      env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true', MOTO_ACM_VALIDATION_WAIT: '1' },
    });
    const moto = new Moto(server, `http://127.0.0.1:${port}`);
    for (let tenths = 0; tenths < START_SECONDS * 10 && server.exitCode === null; tenths += 1) {
      if (await moto.answers()) return moto;
      await sleep(100);
    }
    server.kill();
    throw new Error(`moto_server does not start; run ${findMoto()} by hand to see why`);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill();
    await ended;
  }

  private answers(): Promise<boolean> {
    return fetch(`${this.url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

function findMoto(): string {
  const found = findProgram('moto_server', join(ROOT, '.tools', 'moto', 'bin'));
  if (found !== undefined) return found;
  throw new Error('moto_server is not installed. npm test installs it; by hand: pip install "moto[server]==5.2.*"');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
