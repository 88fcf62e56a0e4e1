import { VPC_CONFIG } from '../support/applied';
import { LocalDatabase, type Target } from '../support/local-database';
import { StockClients } from '../support/stock-clients';

jest.setTimeout(60_000);

let local: LocalDatabase;
let clients: StockClients;
let onEc2Instance: StockClients;

const MASTER = { user: 'admin', password: 'master password' };
const TIMESTAMPS = { user: 'timestamps', password: 'first password' };

beforeAll(async () => {
  local = await LocalDatabase.start();
  clients = await StockClients.start(local, local.network.attach(VPC_CONFIG).address);
  onEc2Instance = await StockClients.start(local, local.network.ec2Instance);
});

afterAll(async () => {
  clients.stop();
  onEc2Instance.stop();
  await local.stop();
});

const token = async (target: Target, user: string) => ({ user, password: await clients.token(target, user) });

it('the client creates users with statements of MySQL and RDS', async () => {
  const answers = [];
  for (const statement of [
    "CREATE USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'first password'",
    "CREATE USER items@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    "ALTER USER items@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    "SELECT User, plugin FROM mysql.user WHERE User = 'items'",
  ]) {
    answers.push(await clients.query('instance', MASTER, statement));
  }
  expect(answers).toEqual(['', '', '', 'items\tAWSAuthenticationPlugin']);
});

describe('the client, verifying the certificate, logs in', () => {
  it('to the instance with a password', async () => {
    expect(await clients.query('instance', TIMESTAMPS)).toBe('timestamps@10.20.%');
  });

  it('to the instance with a token of the AWS CLI', async () => {
    expect(await clients.query('instance', await token('instance', 'items'))).toBe('items@%');
  });

  it('to the password proxy with a password', async () => {
    expect(await clients.query('passwordProxy', TIMESTAMPS)).toBe('timestamps@10.20.%');
  });

  it('to the IAM proxy with a token of the AWS CLI', async () => {
    expect(await clients.query('iamProxy', await token('iamProxy', 'timestamps'))).toBe('timestamps@10.20.%');
  });

  it('from the EC2 instance of the deployment', async () => {
    const items = await token('instance', 'items');
    expect(await onEc2Instance.query('instance', items, 'SELECT USER()')).toBe('items@10.20.0.4');
  });
});

it('the client times out if no rule allows its connection', async () => {
  const response = await onEc2Instance.query('iamProxy', await token('iamProxy', 'timestamps'));
  expect(response).toMatch(
    /^ERROR 2013 \(HY000\): Lost connection .* at 'handshake: reading initial communication packet'/,
  );
  expect(local.log).toContainEqual(expect.stringMatching(/no egress rule of client allows TCP 3306 to iam\.proxy/));
});

describe('the client is refused', () => {
  it('at the instance with a wrong password, an IAM user’s password, and a token of a password user', async () => {
    const answers = [
      await clients.query('instance', { ...TIMESTAMPS, password: 'wrong' }),
      await clients.query('instance', { user: 'items', password: 'a password' }),
      await clients.query('instance', await token('instance', 'timestamps')),
    ];
    expect(answers).toEqual(
      ['timestamps', 'items', 'timestamps'].map(
        (user) => `ERROR 1045 (28000): Access denied for user '${user}'@'10.20.1.6' (using password: YES)`,
      ),
    );
  });

  it('at the password proxy with a token, and at the IAM proxy with a password', async () => {
    expect(await clients.query('passwordProxy', await token('passwordProxy', 'timestamps'))).toMatch(
      /^ERROR 1045 \(28000\): Access denied for user 'timestamps'/,
    );
    expect(await clients.query('iamProxy', TIMESTAMPS)).toMatch(
      /^ERROR 1045 \(28000\): Access denied for user 'timestamps'@'%'/,
    );
  });

  it('by its own certificate check: another authority or another host name', async () => {
    expect(await clients.query('instance', { ...TIMESTAMPS, ca: 'iamProxy' })).toMatch(/^ERROR 2026 .*certificate/);
    expect(await clients.query('iamProxy', { ...TIMESTAMPS, ca: 'instance' })).toMatch(/^ERROR 2026 .*certificate/);
    expect(await clients.query('instance', { ...TIMESTAMPS, host: 'other.example.com' })).toMatch(/^ERROR 2026 /);
  });
});
