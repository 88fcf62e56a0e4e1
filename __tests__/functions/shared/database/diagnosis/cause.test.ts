import { parseHost } from '../../../../../functions/shared/database/diagnosis/cause';

describe('parseHost', () => {
  it.each([
    ['db.c0ffee.eu-central-1.rds.amazonaws.com', { region: 'eu-central-1', isProxy: false }],
    ['db.proxy-c0ffee.us-east-1.rds.amazonaws.com', { region: 'us-east-1', isProxy: true }],
    ['db.db-proxy-c0ffee.us-east-1.rds.amazonaws.com', { region: 'us-east-1', isProxy: true }],
    ['reading.endpoint.proxy-c0ffee.us-east-1.rds.amazonaws.com', { region: 'us-east-1', isProxy: true }],
    ['db.c0ffee.cn-north-1.rds.amazonaws.com.cn', { region: 'cn-north-1', isProxy: false }],
  ])('reads region and kind from the name of an RDS endpoint: %s', (host, expected) => {
    expect(parseHost(host)).toEqual(expected);
  });

  it.each(['db.example.com', '10.20.128.7', 'localhost', 'db.c0ffee.eu-central-1.rds.amazonaws.com.example.com'])(
    'returns nothing for a host that is not an RDS endpoint: %s',
    (host) => {
      expect(parseHost(host)).toBeUndefined();
    },
  );
});
