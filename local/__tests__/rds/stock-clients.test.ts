import { LocalDatabase, type EndpointName } from '../support/local-database';
import { StockClients } from '../support/stock-clients';

jest.setTimeout(60_000);

let local: LocalDatabase;
/** Clients that connect from the address of a function in the VPC. */
let clients: StockClients;

const MASTER = { user: 'admin', password: 'master password' };
const TIMESTAMPS = { user: 'timestamps', password: 'first password' };

beforeAll(async () => {
  local = await LocalDatabase.start();
  clients = await StockClients.start(local, local.functionAddress);
  for (const statement of [
    "CREATE USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'first password'",
    "CREATE USER items@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
  ]) {
    expect(await clients.query('instance', MASTER, statement)).toBe('');
  }
});

afterAll(async () => {
  clients.stop();
  await local.stop();
});

/** A login with a token of the AWS CLI. */
const byToken = async (endpoint: EndpointName, user: string) => ({
  user,
  password: await clients.token(endpoint, user),
});

describe('MariaDB’s command line client, which verifies the certificate, logs in', () => {
  it('to the instance with a password', async () => {
    expect(await clients.query('instance', TIMESTAMPS)).toBe('timestamps@10.20.%');
  });

  it('to the instance with a token of the AWS CLI', async () => {
    expect(await clients.query('instance', await byToken('instance', 'items'))).toBe('items@%');
  });

  it('to the password proxy with a password', async () => {
    expect(await clients.query('passwordProxy', TIMESTAMPS)).toBe('timestamps@10.20.%');
  });

  it('to the IAM proxy with a token of the AWS CLI', async () => {
    expect(await clients.query('iamProxy', await byToken('iamProxy', 'timestamps'))).toBe('timestamps@10.20.%');
  });
});

describe('a login by MariaDB’s command line client fails', () => {
  it('at the instance with a wrong password, a password for an IAM user, or a token for a password user', async () => {
    const answers = [
      await clients.query('instance', { ...TIMESTAMPS, password: 'wrong' }),
      await clients.query('instance', { user: 'items', password: 'a password' }),
      await clients.query('instance', await byToken('instance', 'timestamps')),
    ];
    const address = local.network.addressOf(local.functionAddress);
    expect(answers).toEqual(
      ['timestamps', 'items', 'timestamps'].map(
        (user) => `ERROR 1045 (28000): Access denied for user '${user}'@'${address}' (using password: YES)`,
      ),
    );
  });

  it('if the client rejects the authority or the host name of the certificate', async () => {
    expect(await clients.query('instance', { ...TIMESTAMPS, trusted: 'iamProxy' })).toMatch(
      /^ERROR 2026 .*certificate/,
    );
    expect(await clients.query('iamProxy', { ...TIMESTAMPS, trusted: 'instance' })).toMatch(
      /^ERROR 2026 .*certificate/,
    );
    expect(await clients.query('instance', { ...TIMESTAMPS, host: clients.otherName('instance') })).toMatch(
      /^ERROR 2026 /,
    );
  });
});
