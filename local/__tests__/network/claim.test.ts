import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Claim, type ClaimOptions } from '../../network/claim';

/** No other test requests this number. It is high, so that no test gets it by default: the default is the lowest free number. */
const NUMBER = 240;

const claims: Claim[] = [];
const servers: Server[] = [];

async function takeClaim(options: ClaimOptions): Promise<Claim> {
  const claim = await Claim.take(options);
  claims.push(claim);
  return claim;
}

/** Listens until the end of the test. @returns the port */
async function listen(port: number, address: string): Promise<number> {
  const server = createServer().listen(port, address);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const claim of claims.splice(0)) claim.stop();
  for (const server of servers.splice(0)) server.close();
});

describe('deployments side by side', () => {
  it('get different numbers and ports, even if they start at the same time', async () => {
    const ports = { https: 48_443, http: 48_080 };
    const taken = await Promise.all([takeClaim({ ports }), takeClaim({ ports }), takeClaim({ ports })]);
    expect(new Set(taken.map(({ number }) => number)).size).toBe(3);
    for (const purpose of ['https', 'http']) {
      expect(new Set(taken.map((claim) => claim.release(purpose))).size).toBe(3);
    }
  });
});

describe('the number of a deployment', () => {
  it('is by default a number whose endpoint addresses are all free', async () => {
    const claim = await takeClaim({ ports: {} });
    claim.stop();
    await listen(3306, `127.${claim.number}.1.2`);
    expect((await takeClaim({ ports: {} })).number).not.toBe(claim.number);
  });

  it('causes an error if it is requested and in use; the error names the remedy', async () => {
    await takeClaim({ number: NUMBER, ports: {} });
    await expect(Claim.take({ number: NUMBER, ports: {} })).rejects.toThrow(
      `--number ${NUMBER} is in use. Leave --number out to get a free one. Port 3306 of 127.${NUMBER}.1.253 is in use.`,
    );
  });

  it('can be reused after the deployment has ended', async () => {
    (await takeClaim({ number: NUMBER, ports: {} })).stop();
    expect((await takeClaim({ number: NUMBER, ports: {} })).number).toBe(NUMBER);
  });
});

describe('a preferred port', () => {
  it.each(['127.0.0.1', '::1'])('that is in use on %s is skipped', async (address) => {
    const port = await listen(0, address);
    const claim = await takeClaim({ ports: { https: port } });
    expect(claim.release('https')).toBeGreaterThan(port);
  });

  it('is free for the server after its release', async () => {
    const claim = await takeClaim({ ports: { https: 48_443 } });
    const port = claim.release('https');
    expect(await listen(port, '127.0.0.1')).toBe(port);
    expect(await listen(port, '::1')).toBe(port);
  });

  it('of 0 is not held, so that the server itself chooses a port', async () => {
    expect((await takeClaim({ ports: { https: 0 } })).release('https')).toBe(0);
  });
});
