import { GATEWAY, standInForFile } from '../support/deployment-stand-in';

const standIn = standInForFile();

describe('a check by a call', () => {
  it('reports that no answer arrives', async () => {
    const { addresses } = standIn().deployment().reach;
    const reach = { ...standIn().deployment().reach, addresses: { ...addresses, [`${GATEWAY}:443`]: '127.0.0.1:1' } };
    const rows = await standIn().differing(() => undefined, { reach });
    expect(rows.find(({ what }) => what === 'GET /items at API Gateway without a key')?.seen).toBe(
      'no answer: connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});
