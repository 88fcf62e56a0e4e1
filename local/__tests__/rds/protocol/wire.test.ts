import * as wire from '../../../rds/protocol/wire';

/** A login with the capability flags of a usual client, among them TLS and authentication plugins. */
const loginPacket = { capabilities: 0x8aa0f, collation: 45, user: 'timestamps', database: 'app', isCompressed: false };
const PROOF = Buffer.from('twenty bytes of hash');

describe('a client’s login packet', () => {
  it.each(['app', undefined])('carries collation, user and, if any, the database: %s', (database) => {
    expect(
      wire.parseLoginPacket(wire.makeLoginPacket({ ...loginPacket, database }, { tls: false, proof: PROOF })),
    ).toMatchObject({
      collation: 45,
      user: 'timestamps',
      database,
    });
  });

  it('requests TLS only if it has the TLS flag and no proof of a password yet', () => {
    expect(wire.asksForTls(wire.makeLoginPacket(loginPacket, { tls: true }))).toBe(true);
    expect(wire.asksForTls(wire.makeLoginPacket(loginPacket, { tls: true, proof: PROOF }))).toBe(false);
    expect(wire.asksForTls(wire.makeLoginPacket(loginPacket, { tls: false }))).toBe(false);
  });

  it('loses its unsupported flags when parsed; the compression flag becomes `isCompressed`', () => {
    const [COMPRESS, QUERY_ATTRIBUTES] = [0x20, 0x8000000];
    const withAllFlags = wire.makeLoginPacket(
      { ...loginPacket, capabilities: 0xffffffff },
      { tls: false, proof: PROOF },
    );
    expect(wire.parseLoginPacket(withAllFlags)).toMatchObject({ isCompressed: true });
    expect(wire.parseLoginPacket(withAllFlags).capabilities & (COMPRESS | QUERY_ATTRIBUTES)).toBe(0);
  });
});

describe('a greeting', () => {
  it('carries the nonce and the id of the connection', () => {
    const nonce = Buffer.from('ABCDEFGHIJKLMNOPQRST');
    const greeting = wire.greeting(nonce, 'caching_sha2_password', 4_000_000_000);
    expect([wire.nonceOf(greeting), wire.threadIdOf(greeting)]).toEqual([nonce, 4_000_000_000]);
  });
});

describe('an error', () => {
  it('has number, SQLSTATE and message, and is not an OK', () => {
    const packet = wire.errorPacket({ errno: 1045, sqlState: '28000', message: 'no' });
    expect(packet).toEqual(Buffer.from('\xff\x15\x04#28000no', 'latin1'));
    expect(wire.isError(packet)).toBe(true);
    expect(wire.isError(wire.OK)).toBe(false);
    expect(wire.isOk(wire.OK)).toBe(true);
    expect(wire.isOk(packet)).toBe(false);
  });
});
