import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { CertificateAuthority } from '../../../certificates/certificate-authority';
import { logInByToken, type TokenLogin } from '../../../rds/login/token-login';
import { frame } from '../../../rds/protocol/packets';
import { errorPacket } from '../../../rds/protocol/wire';
import { HOSTS } from '../../support/applied';
import { LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

let local: LocalDatabase;
/** The login of an IAM user at the instance, with the capability flags of a usual client. */
let login: TokenLogin;

beforeAll(async () => {
  local = await LocalDatabase.start();
  login = {
    host: HOSTS.instance,
    port: local.port,
    address: local.loopbackOf('instance'),
    from: local.functionAddress,
    ca: local.authorityOf('instance'),
    loginPacket: { capabilities: 0x8aa0f, collation: 45, user: 'items', isCompressed: false },
    token: await local.token('instance', 'items'),
  };
});

afterAll(() => local.stop());

const errorOf = (change: Partial<TokenLogin>): Promise<unknown> =>
  logInByToken({ ...login, ...change }).catch((error: unknown) => error);

describe('a login by token', () => {
  it.each([
    ['another authority has signed', async () => ({ ca: (await CertificateAuthority.create()).pem })],
    ['is for another name', () => Promise.resolve({ host: 'other.c0ffee.eu-central-1.rds.amazonaws.com' })],
  ])('fails at an endpoint whose certificate %s', async (_what, change) => {
    expect(await errorOf(await change())).toMatchObject({
      message: expect.stringMatching(/^The certificate of .* is refused: /),
    });
  });

  it('closes its connection and fails with the endpoint’s error if the endpoint has too many connections', async () => {
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
