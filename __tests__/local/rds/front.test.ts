import { PassThrough, Transform, type Duplex } from 'node:stream';
import type { ClientConnection } from '../../../local/rds/client-connection';
import { join } from '../../../local/rds/front';

describe('join', () => {
  const clientOf = (stream: Duplex) =>
    ({ stream, reader: { release: () => undefined } }) as unknown as ClientConnection;

  it('closes both sides where the database is gone while a statement is translated', async () => {
    const [stream, server] = [new PassThrough(), new PassThrough()];
    const translation = new Transform({ transform: (_chunk, _encoding, done) => done(new Error('MariaDB is gone')) });
    const joined = join(clientOf(stream), server, translation);
    stream.write('ALTER USER');
    await joined;
    expect([stream.destroyed, server.destroyed]).toEqual([true, true]);
  });
});
