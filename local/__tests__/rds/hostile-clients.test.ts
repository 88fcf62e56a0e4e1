import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { frame } from '../../rds/protocol/packets';
import { Command } from '../../rds/protocol/wire';
import { HOSTS, VPC_CONFIG } from '../support/applied';
import { LocalDatabase, type Target } from '../support/local-database';

jest.setTimeout(120_000);

const TARGETS: readonly Target[] = ['instance', 'passwordProxy', 'iamProxy'];

/** A request for TLS: the first 32 bytes of a login, with the flags of MySQL's own client. */
const SSL_REQUEST = Buffer.alloc(32);
SSL_REQUEST.writeUInt32LE(0x00_0f_ae_85, 0);

let local: LocalDatabase;
/** Loopback address of a function in the VPC. */
let inside: string;

beforeAll(async () => {
  local = await LocalDatabase.start();
  inside = local.network.attach(VPC_CONFIG).address;
  const master = await local.connect('instance', { from: inside, user: 'admin', password: 'master password' });
  await master.query("CREATE USER timestamps@'%' IDENTIFIED BY 'first password'");
  await master.query('CREATE DATABASE app');
  await master.end();
});

// After each test, the endpoints serve the next client and hold no earlier connection.
afterEach(async () => {
  const password = { from: inside, user: 'timestamps', password: 'first password' };
  const token = { from: inside, user: 'timestamps', token: await local.token('iamProxy', 'timestamps') };
  expect(await local.logIn('instance', password)).toMatch(/^timestamps@/);
  expect(await local.logIn('passwordProxy', password)).toMatch(/^timestamps@/);
  expect(await local.logIn('iamProxy', token)).toMatch(/^timestamps@/);
  await until(() => TARGETS.every((target) => local.endpoints.faultsAt(HOSTS[target])?.connections.size === 0));
});

afterAll(() => local.stop());

/** Opens a connection without a driver. It never fails: hostile clients ignore errors. */
function raw(target: Target): Socket {
  const host = local.network.hosts[HOSTS[target]] ?? '';
  return connect({ host, port: local.port, localAddress: inside }).on('error', () => undefined);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

const target = fc.constantFrom(...TARGETS);
const leave = fc.constantFrom<(socket: Socket) => void>(
  (socket) => socket.end(),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const sequence = fc.nat(255);
/** Packets with a correct header, and packets that announce more than they hold. */
const packets = fc.array(
  fc.oneof(
    fc.tuple(sequence, bytes(300)).map(([number, payload]) => frame(number, payload)),
    fc.tuple(fc.nat(0xffffff), bytes(50)).map(([length, rest]) => {
      const header = Buffer.alloc(4);
      header.writeUIntLE(length, 0, 3);
      return Buffer.concat([header, rest]);
    }),
  ),
  { maxLength: 4 },
);

it('survives clients that send random bytes before the login, and disconnect at any time', async () => {
  await fc.assert(
    fc.asyncProperty(target, fc.boolean(), packets, leave, async (to, asksForTls, sent, go) => {
      const socket = raw(to).resume();
      if (asksForTls) socket.write(frame(1, SSL_REQUEST));
      for (const packet of sent) socket.write(packet);
      await sleep(5);
      go(socket);
    }),
    { numRuns: 60 },
  );
});

it('survives clients that send random bytes over TLS', async () => {
  await fc.assert(
    fc.asyncProperty(target, packets, leave, async (to, sent, go) => {
      const socket = raw(to);
      await once(socket, 'data');
      socket.write(frame(1, SSL_REQUEST));
      const tls = connectTls({ socket, rejectUnauthorized: false }).on('error', () => undefined);
      await once(tls, 'secureConnect');
      for (const packet of sent) tls.write(packet);
      await sleep(5);
      go(socket);
    }),
    { numRuns: 25 },
  );
});

/** Commands with random content and sequence, QUIT and the server's internal commands included. */
const commands = fc.array(
  fc.oneof(
    fc
      .tuple(fc.nat(0x21), sequence, bytes(200))
      .map(([command, number, rest]) =>
        frame(number % 3 === 0 ? number : 0, Buffer.concat([Buffer.from([command]), rest])),
      ),
    packets.map((all) => Buffer.concat(all)),
  ),
  { minLength: 1, maxLength: 5 },
);

/** Logs in without TLS. @returns the connection, from which the driver reads nothing more */
async function loggedIn(to: Target): Promise<Socket> {
  const login = { from: inside, user: 'timestamps', password: 'first password' };
  const connection = await local.connect(to, { ...login, ssl: undefined as unknown as string });
  connection.on('error', () => undefined);
  const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
  return stream.removeAllListeners('data').resume();
}

/** Only this plugin allows a login to a proxy without TLS; with TLS, a test could not send raw bytes. */
const withNativePasswords = (): Promise<void> =>
  local.update((resources) => {
    for (const { auth } of resources['aws_db_proxy'] ?? []) auth[0].client_password_auth_type = 'MYSQL_NATIVE_PASSWORD';
  });

it('survives clients that send random bytes after the login', async () => {
  await withNativePasswords();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom<Target>('instance', 'passwordProxy'), commands, leave, async (to, sent, go) => {
      const stream = await loggedIn(to);
      for (const command of sent) stream.write(command);
      await sleep(10);
      go(stream);
    }),
    { numRuns: 25 },
  );
});

it.each<Target>(['instance', 'passwordProxy'])('closes a connection that sends more after QUIT (%s)', async (to) => {
  await withNativePasswords();
  const stream = await loggedIn(to);
  stream.write(frame(0, Buffer.from([Command.QUIT])));
  await new Promise(setImmediate);
  stream.write(frame(0, Buffer.alloc(100)));
  await sleep(10);
  stream.destroy();
});

it('closes connections that send nothing or too little, before and during TLS', async () => {
  await local.update((resources) => {
    for (const group of resources['aws_db_parameter_group'] ?? []) {
      group['parameter'] = [...(group['parameter'] as object[]), { name: 'connect_timeout', value: '2' }];
    }
  });
  const silent = [raw('instance'), raw('instance')].map((socket) => socket.resume());
  silent[1]?.write(frame(1, SSL_REQUEST));
  // Half a header, and an incomplete payload.
  silent.push(raw('instance').resume(), raw('instance').resume());
  silent[2]?.write(Buffer.from([1, 0]));
  silent[3]?.write(Buffer.concat([Buffer.from([0, 1, 0, 1]), Buffer.alloc(10)]));
  await Promise.all(silent.map((socket) => once(socket, 'close')));
  await local.update();
});
