import { GATEWAY_HOST, standInForAllTests } from '../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('a check that sends a request', () => {
  it('reports why no answer arrives', async () => {
    const { reach } = standIn().deployment();
    // Requests to API Gateway go to port 1 of this machine, where nothing listens.
    const addresses = { ...reach.addresses, [`${GATEWAY_HOST}:443`]: '127.0.0.1:1' };
    const rows = await standIn().unexpectedRows(() => undefined, { reach: { ...reach, addresses } });
    expect(rows.find(({ what }) => what === 'GET /items at API Gateway without a key')?.seen).toBe(
      'no answer: connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});
