import { StandIn } from '../../support/deployment-stand-in';

jest.setTimeout(60_000);

/**
 * Checks TLS at a server with these options.
 *
 * @param authority the certificate authority to trust. @default - the authority of the server
 * @returns the unexpected results; each key says what was checked, for example `TLSv1 at CloudFront`
 */
async function unexpectedTls(options: Parameters<typeof StandIn.start>[0], authority?: string) {
  const standIn = await StandIn.start(options);
  try {
    const { reach } = standIn.deployment();
    const rows = await standIn.unexpectedRows(() => undefined, {
      reach: { ...reach, ...(authority && { authority }) },
    });
    return Object.fromEntries(rows.filter(({ group }) => group === 'TLS').map(({ what, seen }) => [what, seen]));
  } finally {
    standIn.stop();
  }
}

describe('the check of TLS', () => {
  it('reports old TLS versions that CloudFront accepts at a custom domain, and ignores those that API Gateway accepts', async () => {
    // The stand-in's CloudFront has a custom domain, `API_HOST`.
    expect(await unexpectedTls({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })).toEqual({
      'TLSv1 at CloudFront': 'accepted',
      'TLSv1.1 at CloudFront': 'accepted',
    });
  });

  it('reports that a server does not accept TLS 1.3', async () => {
    const rows = await unexpectedTls({ maxVersion: 'TLSv1.2' });
    expect(Object.keys(rows)).toEqual(['TLSv1.3 at CloudFront', 'TLSv1.3 at API Gateway']);
    expect(rows['TLSv1.3 at CloudFront']).toMatch(/PROTOCOL_VERSION|protocol version/i);
  });

  it('reports a certificate of an unknown authority', async () => {
    const other = await StandIn.start();
    const { authority } = other.deployment().reach;
    other.stop();
    const rows = await unexpectedTls({}, authority);
    expect(rows['TLSv1.2 at CloudFront']).toMatch(/unable to verify|self.signed|certificate/i);
  });
});
