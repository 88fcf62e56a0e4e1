import { setTimeout as sleep } from 'node:timers/promises';
import { ServerConnection } from '../../../rds/protocol/server-connection';
import { LocalDatabase } from '../../support/local-database';

const loginPacket = { capabilities: 0, collation: 45, user: 'admin', isCompressed: false };

let local: LocalDatabase;

beforeAll(async () => {
  local = await LocalDatabase.start();
});

afterAll(() => local.stop());

describe('a login on a killed connection', () => {
  // After 0 ms Node has not yet reported the end of the connection; after 100 ms it has.
  it.each([
    ['over TLS', 0, true],
    ['over TLS', 100, true],
    ['without TLS', 0, false],
    ['without TLS', 100, false],
  ])(
    '%s fails at once if it starts %i ms after the kill',
    async (_how, milliseconds, isEncrypted) => {
      const server = await ServerConnection.open(local.database.socket, '10.20.0.4');
      await local.database.query('KILL CONNECTION ?', [server.threadId]);
      await sleep(milliseconds);
      await expect(server.logIn({ loginPacket, password: 'master password', isEncrypted })).rejects.toThrow(
        /The connection ended|closed the connection/,
      );
    },
    // Milliseconds. If the login did not fail at once, the test would time out. Leaves a margin for a slow machine.
    2_000,
  );
});
