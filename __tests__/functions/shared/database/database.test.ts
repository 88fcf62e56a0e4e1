import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise';
import { connectionOptions, Database, UNLIMITED_MS } from '../../../../functions/shared/database/database';
import type { DatabaseCredentials } from '../../../../functions/shared/database/database-credentials';
import { DatabaseUnavailable } from '../../../../functions/shared/database/errors';
import { frame, greeting } from '../../../support/mysql-server';
import { VERIFIED_TLS as tls } from '../../../support/verified-tls';

const target = { host: 'db.example.com', port: 3306 };
const tokenLogin = { user: 'items', password: 'a token', clearText: true };
const passwordLogin = { user: 'timestamps', password: 'a password', clearText: false };

/** Runs the plugin for clear text as the driver does. Returns what the plugin sends. */
function sentInClearText({ authPlugins }: ConnectionOptions): Buffer {
  const plugin = authPlugins?.['mysql_clear_password'] as unknown as () => () => Buffer;
  return plugin()();
}

describe('connectionOptions', () => {
  it.each([
    ['without TLS', undefined],
    ['over TLS without a certificate authority', { ...tls, ca: '' }],
    ['over TLS without a check of the host name', { ca: 'PEM', rejectUnauthorized: true as const }],
    ['over TLS without a check of the certificate', { ca: 'PEM', verifyIdentity: true as const }],
  ])('rejects a token %s', (_how, unverified) => {
    expect(() => connectionOptions({ ...target, ...(unverified && { tls: unverified }) }, tokenLogin)).toThrow(
      'A token is sent only over verified TLS: ca, verifyIdentity and rejectUnauthorized must be set',
    );
  });

  it('sends a token, followed by a zero byte, with the plugin for clear text', () => {
    const options = connectionOptions({ ...target, tls }, tokenLogin);
    expect(sentInClearText(options)).toEqual(Buffer.from('a token\0'));
    expect(options).not.toHaveProperty('password');
  });

  it('returns a plugin that calls onTokenSent only when it sends the token', () => {
    const onTokenSent = jest.fn();
    const options = connectionOptions({ ...target, tls }, tokenLogin, undefined, onTokenSent);
    expect(onTokenSent).not.toHaveBeenCalled();
    sentInClearText(options);
    expect(onTokenSent).toHaveBeenCalledTimes(1);
  });

  it('sends a password without the plugin for clear text', () => {
    const options = connectionOptions({ ...target, tls }, passwordLogin);
    expect(options).toMatchObject({ password: 'a password', ssl: tls });
    expect(options).not.toHaveProperty('authPlugins');
  });

  it('uses the named database, utf8mb4, a connect timeout of 3 s and dates as text, and allows only one statement per query', () => {
    const options = connectionOptions({ ...target, tls }, passwordLogin, 'app');
    expect(options).toMatchObject({ charset: 'utf8mb4', connectTimeout: 3_000, database: 'app', dateStrings: true });
    expect(options).not.toHaveProperty('multipleStatements');
  });
});

const credentials = {
  async *logins() {
    yield await Promise.resolve(passwordLogin);
  },
  checks: [],
};

describe('the time limit of a call', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /**
   * Makes a database whose connection breaks when a statement has run for `breakMs` milliseconds. With `Infinity`, statements get no
   * answer. ROLLBACK fails at once, as on a broken connection. Records the timeouts of connections and of all statements except
   * ROLLBACK.
   */
  function databaseBreakingAfter(breakMs: number) {
    const timeouts: (number | undefined)[] = [];
    const query = ({ sql, timeout = Infinity }: { sql: string; timeout?: number }): Promise<never> => {
      if (sql === 'ROLLBACK') return Promise.reject(new Error('the connection is broken'));
      return new Promise((_resolve, reject) => {
        timeouts.push(timeout);
        const code = timeout < breakMs ? 'PROTOCOL_SEQUENCE_TIMEOUT' : 'ECONNRESET';
        setTimeout(() => reject(Object.assign(new Error(code), { code })), Math.min(timeout, breakMs));
      });
    };
    jest.spyOn(mysql, 'createConnection').mockImplementation(({ connectTimeout }: { connectTimeout?: number }) => {
      timeouts.push(connectTimeout);
      return Promise.resolve({ query, on: () => undefined, destroy: () => undefined } as unknown as Connection);
    });
    return { database: new Database({ ...target, tls }, credentials), timeouts };
  }

  /** Returns the number of seconds until work fails with DatabaseUnavailable. */
  const secondsUntilFailure = async (work: Promise<unknown>): Promise<number> => {
    const start = performance.now();
    const end = work.catch((error: unknown) => {
      expect(error).toBeInstanceOf(DatabaseUnavailable);
      return performance.now();
    });
    // Longer than every limit.
    await jest.advanceTimersByTimeAsync(60_000);
    return Math.round(Number(await end) - start) / 1_000;
  };

  it('is 8 s for all attempts together: the last one gets only the remaining time', async () => {
    const { database, timeouts } = databaseBreakingAfter(4_000);
    expect(await secondsUntilFailure(database.run((query) => query('SELECT 1')))).toBe(8);
    // A connection and a statement for each of the two attempts. The second attempt starts after 4 s.
    expect(timeouts).toEqual([3_000, 5_000, 3_000, 4_000]);
  });

  it('is also 8 s for all statements together', async () => {
    const { database } = databaseBreakingAfter(Infinity);
    const work = database.run(async (query) => {
      await query('INSERT').catch(() => undefined);
      return query('SELECT');
    });
    expect(await secondsUntilFailure(work)).toBe(8);
  });

  it('does not apply with UNLIMITED_MS, but each statement keeps its timeout of 5 s', async () => {
    const { database } = databaseBreakingAfter(Infinity);
    const work = database.run(async (query) => {
      for (let count = 0; count < 3; count += 1) await query('ALTER USER').catch(() => undefined);
      return query('GRANT');
    }, UNLIMITED_MS);
    // Four statements of 5 s each.
    expect(await secondsUntilFailure(work)).toBe(20);
  });
});

describe('a call that waits for a secret', () => {
  it('aborts the request for the secret at the time limit of the call', async () => {
    const waitingCredentials: DatabaseCredentials = {
      async *logins(signal) {
        if (signal === undefined) throw new Error('The call passed no signal');
        await once(signal, 'abort');
        yield* [];
        throw new DatabaseUnavailable('Secrets Manager does not answer');
      },
      checks: [],
    };
    const database = new Database({ ...target, tls }, waitingCredentials);
    await expect(database.run((query) => query('SELECT 1'), 20)).rejects.toThrow('Secrets Manager does not answer');
  });
});

describe('an idle connection', () => {
  const opened: { destroy: jest.Mock }[] = [];
  let database: Database;

  beforeEach(() => {
    jest.useFakeTimers();
    opened.length = 0;
    jest.spyOn(mysql, 'createConnection').mockImplementation(() => {
      const connection = { query: () => Promise.resolve([[]]), on: () => undefined, destroy: jest.fn() };
      opened.push(connection);
      return Promise.resolve(connection as unknown as Connection);
    });
    database = new Database({ ...target, tls }, credentials).warm();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const call = (): Promise<unknown> => database.run((query) => query('SELECT 1'));

  it('is used again within five minutes after it was opened or used', async () => {
    for (let calls = 0; calls < 3; calls += 1) {
      await jest.advanceTimersByTimeAsync(299_000);
      await call();
    }
    expect(opened).toHaveLength(1);
  });

  it('is replaced after five minutes, because AWS’s network may drop it after 350 s', async () => {
    await jest.advanceTimersByTimeAsync(301_000);
    await call();
    expect(opened.map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 0]);
    await call();
    expect(opened).toHaveLength(2);
  });
});

describe('a connection that breaks during the TLS handshake', () => {
  it.each<[how: string, cut: (socket: Socket) => unknown]>([
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a close', (socket) => socket.destroy()],
  ])(
    'because of %s is retried twice, then reported as an unreachable database, not as a refused login',
    async (_how, cut) => {
      jest.spyOn(process.stdout, 'write').mockReturnValue(true);
      let connections = 0;
      const server = createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined).once('data', () => cut(socket));
        socket.write(frame(0, greeting({ withTls: true })));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const database = new Database({ host: 'localhost', port, tls: { ...tls, ca: '' } }, credentials);
      await expect(database.run((query) => query('SELECT 1'))).rejects.toThrow(DatabaseUnavailable);
      expect(connections).toBe(3);
      server.close();
      jest.restoreAllMocks();
    },
  );
});

describe('a failed TLS handshake', () => {
  it('is reported as LoginRefused, with a message about TLS and without advice to check permissions', async () => {
    const message = 'write EPROTO: tlsv1 alert protocol version';
    const cause = Object.assign(new Error(message), { code: 'HANDSHAKE_SSL_ERROR' });
    jest.spyOn(mysql, 'createConnection').mockRejectedValue(cause);
    const database = new Database({ ...target, tls }, { ...credentials, checks: ['the policy of the role'] });
    await expect(database.run((query) => query('SELECT 1'))).rejects.toMatchObject({
      name: 'LoginRefused',
      message: 'TLS with db.example.com failed',
      checks: [],
      cause,
    });
    jest.restoreAllMocks();
  });
});
