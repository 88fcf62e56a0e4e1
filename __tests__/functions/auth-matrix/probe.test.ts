import { probe, probeOptions } from '../../../functions/auth-matrix/probe';
import type { Observation } from '../../../functions/auth-matrix/observation';
import type { DatabaseLogin } from '../../../functions/shared/database/database-credentials';
import {
  authSwitch,
  errorPacket,
  MysqlServer,
  OK,
  receiveEncryptedPassword,
  type Conversation,
} from '../../support/mysql-server';
import { VERIFIED_TLS as tls } from '../../support/verified-tls';

const passwordLogin: DatabaseLogin = { user: 'matrix_password', password: 'a password', clearText: false };
const tokenLogin: DatabaseLogin = {
  user: 'matrix_iam',
  // About as long as a real token: too long to encrypt with an RSA key of 2,048 bits.
  password: `db.example.com:3306/?${'x'.repeat(1_500)}`,
  clearText: true,
};

type Script = (conversation: Conversation) => Promise<void>;

/** Probes a server that follows a script. */
async function probeServer(script: Script, login: DatabaseLogin, withTls = false): Promise<Observation> {
  const server = await MysqlServer.start(script);
  const observation = await probe({ host: '127.0.0.1', port: server.port, tls }, login, withTls);
  server.stop();
  return observation;
}

/**
 * Makes a probe without TLS. The server follows a script for the login and answers the first statement. Waits until the probe has
 * closed its connection.
 */
async function probeLogin(login: DatabaseLogin, script: Script): Promise<Observation> {
  const server = await MysqlServer.start(async (conversation) => {
    await conversation.next();
    await script(conversation);
    await conversation.next();
    conversation.send(OK);
  });
  const observation = await probe({ host: '127.0.0.1', port: server.port, tls }, login, false);
  await server.waitUntilAllClosed();
  server.stop();
  return observation;
}

/** Answers the login with an error. */
const errorOf =
  (errno: number, message?: string): Script =>
  ({ send }) => {
    send(errorPacket(errno, message));
    return Promise.resolve();
  };

const refusal = (code: string, reason: string) => ({ observed: 'x', milliseconds: null, code, reason });
const unusable = (code: string, reason: string) => ({ observed: '–', milliseconds: null, code, reason });

describe('a probe without TLS', () => {
  it('connects with a password that is encrypted with the server’s key', async () => {
    let received = '';
    const observation = await probeLogin(passwordLogin, async (conversation) => {
      received = await receiveEncryptedPassword(conversation);
      conversation.send(OK);
    });
    expect(received).toBe('a password');
    const milliseconds = expect.any(Number) as number;
    expect(observation).toEqual({ observed: 'o', milliseconds, code: null, reason: null });
  });

  it('connects with a token if the server wrongly accepts one without TLS', async () => {
    let received = '';
    const observation = await probeLogin(tokenLogin, async ({ next, send }) => {
      send(authSwitch('mysql_clear_password'));
      received = (await next()).toString('utf8');
      send(OK);
    });
    expect(received).toBe(`${tokenLogin.password}\0`);
    expect(observation).toMatchObject({ observed: 'o' });
  });

  it('sends no password in clear text, even if the server requests clear text', async () => {
    let answered = false;
    const observation = await probeLogin(passwordLogin, async ({ next, send }) => {
      send(authSwitch('mysql_clear_password'));
      await next();
      answered = true;
    });
    expect(answered).toBe(false);
    expect(observation).toEqual(
      refusal(
        'MYSQL_CLEAR_PASSWORD_NOT_ENABLED',
        'the endpoint requests the password in clear text, which the probe sends only over TLS',
      ),
    );
  });

  it('with a token counts as refused if the server requests RSA encryption', async () => {
    const observation = await probeLogin(tokenLogin, async (conversation) => {
      await receiveEncryptedPassword(conversation);
    });
    expect(observation).toEqual(
      refusal(
        'ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE',
        'the endpoint requests an RSA-encrypted password; a token is too long for RSA encryption',
      ),
    );
  });

  it('is refused if the server requests an unsupported authentication method', async () => {
    const observation = await probeLogin(passwordLogin, async ({ next, send }) => {
      send(authSwitch('authentication_ldap_sasl_client'));
      await next();
    });
    expect(observation).toEqual(
      refusal('AUTH_SWITCH_PLUGIN_ERROR', 'the endpoint requests another authentication method'),
    );
  });

  it.each([
    [1045, 'ER_ACCESS_DENIED_ERROR', 'the endpoint does not accept the password or token'],
    [3159, 'ER_SECURE_TRANSPORT_REQUIRED', 'the endpoint refuses connections without TLS'],
    [1524, 'ER_PLUGIN_IS_NOT_LOADED', 'the endpoint does not support logins by IAM'],
    [9999, '9999', 'the endpoint refuses the login'],
  ])('is refused after error %i, with a reason that contains no address', async (errno, code, reason) => {
    const message = "Access denied for user 'matrix_iam'@'10.20.64.7'";
    const observation = await probeLogin(tokenLogin, errorOf(errno, message));
    expect(observation).toEqual(refusal(code, reason));
  });

  it('counts as refused if the server accepts the login but refuses the first statement, as a proxy does when its own login fails', async () => {
    const observation = await probeLogin(passwordLogin, async ({ next, send }) => {
      send(OK);
      await next();
      send(errorPacket(1045));
    });
    expect(observation).toMatchObject({ observed: 'x', code: 'ER_ACCESS_DENIED_ERROR' });
  });

  it.each([
    [1040, 'ER_CON_COUNT_ERROR', 'the endpoint has no free connection'],
    [1226, 'ER_USER_LIMIT_REACHED', 'the user has no free connection'],
    [9501, '9501', 'the endpoint is not available'],
  ])('reports an unusable endpoint after error %i, with the reason', async (errno, code, reason) => {
    const observation = await probeLogin(passwordLogin, errorOf(errno));
    expect(observation).toEqual(unusable(code, reason));
  });

  it('reports an unusable endpoint if the connection is closed without an error', async () => {
    const observation = await probeLogin(passwordLogin, () => Promise.reject(new Error('close it')));
    expect(observation).toEqual(unusable('PROTOCOL_CONNECTION_LOST', 'the endpoint closed the connection'));
  });

  it('reports an unusable endpoint if the login gets no answer in time', async () => {
    const observation = await probeServer(() => new Promise(() => undefined), passwordLogin);
    expect(observation).toEqual(unusable('ETIMEDOUT', 'the endpoint does not answer in time'));
  });

  it('reports an unusable endpoint if the first statement gets no answer in time', async () => {
    const observation = await probeServer(async ({ next, send }) => {
      await next();
      send(OK);
    }, passwordLogin);
    expect(observation).toEqual(unusable('PROTOCOL_SEQUENCE_TIMEOUT', 'the endpoint does not answer in time'));
  });

  it('reports an unusable endpoint if nothing listens on its port or its name is unknown', async () => {
    const server = await MysqlServer.start(() => Promise.resolve());
    const { port } = server;
    server.stop();
    expect(await probe({ host: '127.0.0.1', port, tls }, passwordLogin, false)).toEqual(
      unusable('ECONNREFUSED', 'the endpoint accepts no connections: nothing listens on its port'),
    );
    expect((await probe({ host: 'nowhere.invalid', port, tls }, passwordLogin, false)).observed).toBe('–');
  });
});

describe('a probe over TLS', () => {
  it.each([
    ['password', passwordLogin],
    ['token', tokenLogin],
  ])('verifies the server, and may send a %s in clear text', (_what, login) => {
    const options = probeOptions({ host: 'db.example.com', port: 3306, tls }, login, true);
    expect(options).toMatchObject({ ssl: tls, user: login.user });
    expect(options.authPlugins).toHaveProperty('mysql_clear_password');
  });

  it('is refused by a server without TLS', async () => {
    const observation = await probeServer(() => Promise.resolve(), tokenLogin, true);
    expect(observation).toEqual(refusal('HANDSHAKE_NO_SSL_SUPPORT', 'the endpoint offers no TLS'));
  });
});
