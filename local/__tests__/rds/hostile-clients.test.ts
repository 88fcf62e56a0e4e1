import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { frame } from '../../rds/protocol/packets';
import { Command } from '../../rds/protocol/wire';
import { HOSTS } from '../support/applied';
import { LocalDatabase, type EndpointName } from '../support/local-database';

jest.setTimeout(120_000);

const ENDPOINTS: readonly EndpointName[] = ['instance', 'passwordProxy', 'iamProxy'];

/** A request for TLS: the first 32 bytes of a login, with the flags of MySQL's own client. */
const TLS_REQUEST = Buffer.alloc(32);
TLS_REQUEST.writeUInt32LE(0x00_0f_ae_85, 0);

let local: LocalDatabase;
const asTimestamps = () => ({ from: local.functionAddress, user: 'timestamps', password: 'first password' });

beforeAll(async () => {
  local = await LocalDatabase.start();
  const master = await local.connectAsMaster();
  await master.query("CREATE USER timestamps@'%' IDENTIFIED BY 'first password'");
  await master.query('CREATE DATABASE app');
  await master.end();
});

// All tests assert this: every endpoint serves the next client, and closes the connections of earlier clients.
afterEach(async () => {
  const { from, user } = asTimestamps();
  const token = await local.token('iamProxy', user);
  expect(await local.logIn('instance', asTimestamps())).toMatch(/^timestamps@/);
  expect(await local.logIn('passwordProxy', asTimestamps())).toMatch(/^timestamps@/);
  expect(await local.logIn('iamProxy', { from, user, token })).toMatch(/^timestamps@/);
  while (ENDPOINTS.some((name) => local.endpoints.faultsAt(HOSTS[name])?.connections.size !== 0)) await sleep(20);
});

afterAll(() => local.stop());

/** Opens a connection without a driver. Ignores its errors, as a hostile client does. */
function connectTo(endpoint: EndpointName): Socket {
  const host = local.loopbackOf(endpoint);
  return connect({ host, port: local.port, localAddress: local.functionAddress }).on('error', () => undefined);
}

const endpoints = fc.constantFrom(...ENDPOINTS);
const disconnects = fc.constantFrom<(socket: Socket) => void>(
  (socket) => socket.end(),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
);
const randomBytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const sequences = fc.nat(255);
/** Packets with a correct header, and packets that announce a random length. */
const packets = fc.array(
  fc.oneof(
    fc.tuple(sequences, randomBytes(300)).map(([sequence, payload]) => frame(sequence, payload)),
    fc.tuple(fc.nat(0xffffff), randomBytes(50)).map(([length, content]) => {
      const header = Buffer.alloc(4);
      header.writeUIntLE(length, 0, 3);
      return Buffer.concat([header, content]);
    }),
  ),
  { maxLength: 4 },
);

/** Commands with random content, mixed with the packets above. Some are QUIT or internal commands of the server. */
const commands = fc.array(
  fc.oneof(
    fc
      // MariaDB does not know the last two codes, 0x20 and 0x21. Most commands have the correct sequence number, 0.
      .tuple(fc.nat(0x21), sequences, randomBytes(200))
      .map(([command, sequence, content]) =>
        frame(sequence % 3 === 0 ? sequence : 0, Buffer.concat([Buffer.from([command]), content])),
      ),
    packets.map((parts) => Buffer.concat(parts)),
  ),
  { minLength: 1, maxLength: 5 },
);

/** Logs in without TLS. @returns the socket, from which the driver reads nothing more */
async function loggedIn(endpoint: EndpointName): Promise<Socket> {
  const connection = await local.connect(endpoint, { ...asTimestamps(), tls: false });
  connection.on('error', () => undefined);
  const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
  return stream.removeAllListeners('data').resume();
}

/**
 * Makes the proxies accept mysql_native_password, the only plugin that can log in to a proxy without TLS. Tests that log in avoid
 * TLS, because Node.js cannot reset a TLS connection.
 */
const useNativePasswords = (): Promise<void> =>
  local.update((resources) => {
    for (const { auth } of resources['aws_db_proxy'] ?? []) auth[0].client_password_auth_type = 'MYSQL_NATIVE_PASSWORD';
  });

describe('an endpoint', () => {
  it('survives clients that send random bytes before the login, and disconnect in any way', async () => {
    await fc.assert(
      fc.asyncProperty(endpoints, fc.boolean(), packets, disconnects, async (endpoint, usesTls, sent, disconnect) => {
        const socket = connectTo(endpoint).resume();
        if (usesTls) socket.write(frame(1, TLS_REQUEST));
        for (const packet of sent) socket.write(packet);
        await sleep(5);
        disconnect(socket);
      }),
      { numRuns: 60 },
    );
  });

  it('survives clients that send random bytes over TLS', async () => {
    await fc.assert(
      fc.asyncProperty(endpoints, packets, disconnects, async (endpoint, sent, disconnect) => {
        const socket = connectTo(endpoint);
        await once(socket, 'data');
        socket.write(frame(1, TLS_REQUEST));
        const tls = connectTls({ socket, rejectUnauthorized: false }).on('error', () => undefined);
        await once(tls, 'secureConnect');
        for (const packet of sent) tls.write(packet);
        await sleep(5);
        disconnect(socket);
      }),
      { numRuns: 25 },
    );
  });

  it('survives clients that send random bytes after the login', async () => {
    await useNativePasswords();
    const withoutToken = fc.constantFrom<EndpointName>('instance', 'passwordProxy');
    await fc.assert(
      fc.asyncProperty(withoutToken, commands, disconnects, async (endpoint, sent, disconnect) => {
        const socket = await loggedIn(endpoint);
        for (const command of sent) socket.write(command);
        await sleep(10);
        disconnect(socket);
      }),
      { numRuns: 25 },
    );
  });

  it.each<EndpointName>(['instance', 'passwordProxy'])(
    'closes a connection after QUIT, even if the client sends more (%s)',
    async (endpoint) => {
      await useNativePasswords();
      const socket = await loggedIn(endpoint);
      const closed = once(socket, 'close');
      socket.write(frame(0, Buffer.from([Command.QUIT])));
      await new Promise(setImmediate);
      socket.write(frame(0, Buffer.alloc(100)));
      await closed;
    },
  );
});
