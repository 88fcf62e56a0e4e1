import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Connection } from 'mysql2/promise';
import { CertificateAuthority } from '../../../certificates/certificate-authority';
import { logInByToken, NoIamUser, type TokenLogin } from '../../../rds/login/token-login';
import { frame, LONGEST_PAYLOAD, PacketReader } from '../../../rds/protocol/packets';
import { Refused } from '../../../rds/protocol/refused';
import { Command, errorPacket } from '../../../rds/protocol/wire';
import { HOSTS } from '../../support/applied';
import { LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

let local: LocalDatabase;
let master: Connection;
/** The login of an IAM user at the instance. */
let login: TokenLogin;

beforeAll(async () => {
  local = await LocalDatabase.start();
  master = await local.connectAsMaster();
  await master.query("CREATE USER items@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
  await master.query("CREATE USER password_user@'%' IDENTIFIED BY 'its password'");
  login = {
    host: HOSTS.instance,
    port: local.port,
    address: local.loopbackOf('instance'),
    from: local.functionAddress,
    ca: local.authorityOf('instance'),
    hello: { capabilities: 0x8aa0f, collation: 45, user: 'items', database: undefined, isCompressed: false },
    token: await local.token('instance', 'items'),
  };
});

afterAll(async () => {
  await master.end();
  await local.stop();
});

const errorOf = (change: Partial<TokenLogin>): Promise<unknown> =>
  logInByToken({ ...login, ...change }).catch((error: unknown) => error);

describe('a login by token', () => {
  it('returns a connection that is ready for commands', async () => {
    const stream = await logInByToken(login);
    stream.write(frame(0, Buffer.concat([Buffer.from([Command.QUERY]), Buffer.from('SELECT CURRENT_USER()')])));
    const reader = new PacketReader(stream);
    const answer: string[] = [];
    // The first four packets: the number of columns, the column, the end of the columns, the row.
    for (let packets = 0; packets < 4; packets += 1)
      answer.push((await reader.next(LONGEST_PAYLOAD)).payload.toString());
    stream.destroy();
    expect(answer.at(-1)).toContain('items@%');
  });

  it('comes from the caller’s address', async () => {
    const stream = await logInByToken(login);
    const [rows] = await master.query("SELECT HOST FROM information_schema.PROCESSLIST WHERE USER = 'items'");
    stream.destroy();
    expect(rows).toEqual([{ HOST: expect.stringMatching(new RegExp(`^${local.network.addressOf(login.from)}\\b`)) }]);
  });

  it('is refused with the endpoint’s own error if the token is for another user', async () => {
    const error = await errorOf({ token: await local.token('instance', 'timestamps') });
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ message: expect.stringMatching(/Access denied for user 'items'/) });
  });

  it('fails without sending the token if the user logs in by password', async () => {
    const { hello } = login;
    expect(await errorOf({ hello: { ...hello, user: 'password_user' } })).toEqual(new NoIamUser('password_user'));
  });

  it.each([
    ['another authority has signed', async () => ({ ca: (await CertificateAuthority.create()).pem })],
    ['is for another name', () => Promise.resolve({ host: 'other.c0ffee.eu-central-1.rds.amazonaws.com' })],
  ])('sends no token to an endpoint whose certificate %s', async (_what, change) => {
    expect(await errorOf(await change())).toMatchObject({
      message: expect.stringMatching(/^The certificate of .* is refused: /),
    });
  });
});

describe('a login by token at a failing endpoint', () => {
  it('is refused with the endpoint’s error for too many connections, and closes the connection to the endpoint', async () => {
    const tooMany = { errno: 1040, sqlState: '08004', message: 'Too many connections' };
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const failed = errorOf({ address: '127.0.0.1', from: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const [socket] = await accepted;
    socket.resume().write(frame(0, errorPacket(tooMany)));
    await once(socket, 'close');
    server.close();
    expect(await failed).toMatchObject({ name: 'Refused', message: expect.stringContaining('Too many connections') });
  });

  it('fails if the port is closed', async () => {
    await expect(logInByToken({ ...login, port: 1 })).rejects.toThrow('The database server does not answer');
  });
});
