import { StandIn } from '../../support/deployment-stand-in';

jest.setTimeout(60_000);

/** Returns the differing TLS rows for a server with these options. */
async function differing(options: Parameters<typeof StandIn.start>[0], authority?: string) {
  const standIn = await StandIn.start(options);
  try {
    const { reach } = standIn.deployment();
    const rows = await standIn.differing(() => undefined, { reach: { ...reach, ...(authority && { authority }) } });
    return Object.fromEntries(rows.filter(({ group }) => group === 'TLS').map(({ what, seen }) => [what, seen]));
  } finally {
    standIn.stop();
  }
}

describe('verify', () => {
  it('reports old versions of TLS at a name that can refuse them', async () => {
    expect(await differing({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })).toEqual({
      'TLSv1 at CloudFront': 'accepted',
      'TLSv1.1 at CloudFront': 'accepted',
    });
  });

  it('reports a missing version', async () => {
    const rows = await differing({ maxVersion: 'TLSv1.2' });
    expect(Object.keys(rows)).toEqual(['TLSv1.3 at CloudFront', 'TLSv1.3 at API Gateway']);
    expect(rows['TLSv1.3 at CloudFront']).toMatch(/PROTOCOL_VERSION|protocol version/i);
  });

  it('rejects a certificate of an unknown authority', async () => {
    const other = await StandIn.start();
    const { authority } = other.deployment().reach;
    other.stop();
    const rows = await differing({}, authority);
    expect(rows['TLSv1.2 at CloudFront']).toMatch(/unable to verify|self.signed|certificate/i);
  });
});
