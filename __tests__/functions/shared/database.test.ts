import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connectionOptions, Database } from '../../../functions/shared/database';
import { DatabaseAway } from '../../../functions/shared/errors';
import type { TlsOptions } from '../../../functions/shared/tls';
import { frame } from '../../../local/rds/packets';
import { greeting } from '../../../local/rds/wire';

const tls: TlsOptions = { ca: 'PEM', verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
const target = { host: 'db.example.com', port: 3306 };
const token = { user: 'items', password: 'a token', clearText: true };
const password = { user: 'timestamps', password: 'a password', clearText: false };

describe('connectionOptions', () => {
  it.each([
    ['without TLS', undefined],
    ['without an authority', { ...tls, ca: '' }],
    ['without a check of the host name', { ca: 'PEM', rejectUnauthorized: true as const }],
    ['without a check of the certificate', { ca: 'PEM', verifyIdentity: true as const }],
  ])('lets no token travel %s', (_how, unverified) => {
    expect(() => connectionOptions({ ...target, ...(unverified && { tls: unverified }) }, token)).toThrow(
      'A token is only sent over TLS with a verified certificate: ca and verifyIdentity must be set',
    );
  });

  it('hands a token to the clear text plugin, ended by a zero', () => {
    const options = connectionOptions({ ...target, tls }, token);
    const plugin = options.authPlugins?.['mysql_clear_password'] as unknown as () => () => Buffer;
    expect(plugin()()).toEqual(Buffer.from('a token\0'));
    expect(options).not.toHaveProperty('password');
  });

  it('tells when the server asked for the token', () => {
    const sent = jest.fn();
    const options = connectionOptions({ ...target, tls }, token, undefined, sent);
    const plugin = options.authPlugins?.['mysql_clear_password'] as unknown as () => () => Buffer;
    expect(sent).not.toHaveBeenCalled();
    plugin()();
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('lets a password be asked for in no clear text', () => {
    const options = connectionOptions({ ...target, tls }, password);
    expect(options).toMatchObject({ password: 'a password', ssl: tls });
    expect(options).not.toHaveProperty('authPlugins');
  });

  it('speaks utf8mb4, gives up soon, and allows one statement at a time', () => {
    const options = connectionOptions({ ...target, tls }, password, 'app');
    expect(options).toMatchObject({ charset: 'utf8mb4', connectTimeout: 3_000, database: 'app', dateStrings: true });
    expect(options).not.toHaveProperty('multipleStatements');
  });
});

describe('a connection that is cut in the TLS handshake', () => {
  it.each<[how: string, cut: (socket: Socket) => unknown]>([
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a close', (socket) => socket.destroy()],
  ])(
    'by %s is opened again, and then it is the database that is away, not a login that is refused',
    async (_how, cut) => {
      jest.spyOn(process.stdout, 'write').mockReturnValue(true);
      let connections = 0;
      const server = createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined).once('data', () => cut(socket));
        socket.write(frame(0, greeting(Buffer.alloc(20, 'n'), 'caching_sha2_password', 1)));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const credentials = {
        async *logins() {
          yield await Promise.resolve(password);
        },
        checks: [],
      };
      const database = new Database({ host: 'localhost', port, tls: { ...tls, ca: '' } }, credentials);
      await expect(database.run((query) => query('SELECT 1'))).rejects.toThrow(DatabaseAway);
      expect(connections).toBe(4);
      server.close();
      jest.restoreAllMocks();
    },
  );
});
