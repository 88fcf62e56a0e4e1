import { IssuedCredentials } from '../../aws-api/issued-credentials';
import { queryRequest } from '../support/aws-requests';
import { ROLE } from '../support/functions';
import { startHttpServer, type HttpServer } from '../support/http-server';

const MINUTE_MS = 60_000;

let sts: HttpServer;
let credentials: IssuedCredentials;
/** Number in the access key id of the next answer, for example 1 in KEY1. */
let keyNumber: number;
let lifetimeMinutes: number;

/** Returns STS's answer to AssumeRole, with `keyNumber` and `lifetimeMinutes`. */
const assumeRoleXml = (): string => `<AssumeRoleResponse><Credentials>
  <AccessKeyId>KEY${keyNumber}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>${new Date(Date.now() + lifetimeMinutes * MINUTE_MS).toISOString()}</Expiration>
</Credentials></AssumeRoleResponse>`;

beforeEach(async () => {
  keyNumber = 1;
  lifetimeMinutes = 60;
  sts = await startHttpServer((_request, response) => {
    response.end(assumeRoleXml());
    keyNumber += 1;
  });
  credentials = new IssuedCredentials(sts.url);
});

afterEach(() => sts.stop());

/** Returns the access key id that a new container of the function gets. */
const functionKey = async (): Promise<string | undefined> =>
  (await credentials.forFunction(ROLE, 'function'))['AWS_ACCESS_KEY_ID'];

describe('credentials of a function', () => {
  it('are requested once, even if containers start at the same time', async () => {
    expect(await Promise.all([functionKey(), functionKey()])).toEqual(['KEY1', 'KEY1']);
    expect(await functionKey()).toBe('KEY1');
  });

  it('are renewed before they expire', async () => {
    // Credentials that expire within 5 minutes are not used again.
    lifetimeMinutes = 4;
    expect([await functionKey(), await functionKey()]).toEqual(['KEY1', 'KEY2']);
  });
});

describe('issued credentials', () => {
  const assumeRole = queryRequest('sts', { Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'ann' });
  const answer = (status = 200) => ({ status, headers: {}, body: Buffer.from(assumeRoleXml()) });

  it('are known until they expire', () => {
    credentials.learn(assumeRole, answer());
    expect(credentials.of('KEY1')).toMatchObject({ roleArn: ROLE, session: 'ann', secretAccessKey: 'secret' });
    lifetimeMinutes = -1;
    credentials.learn(assumeRole, answer());
    expect(credentials.of('KEY1')).toBeUndefined();
  });

  it('that have expired are removed, and only those', () => {
    for (keyNumber = 1; keyNumber <= 100; keyNumber += 1) credentials.learn(assumeRole, answer());
    expect(credentials.of('KEY1')).toBeDefined();
    expect(credentials.size).toBe(100);
    lifetimeMinutes = -1;
    for (; keyNumber <= 200; keyNumber += 1) credentials.learn(assumeRole, answer());
    expect(credentials.size).toBe(100);
    expect(credentials.of('KEY1')).toBeDefined();
  });

  it('are learnt only from a successful AssumeRole', () => {
    credentials.learn(assumeRole, answer(403));
    credentials.learn(queryRequest('sts', { Action: 'GetCallerIdentity' }), answer());
    expect(credentials.of('KEY1')).toBeUndefined();
  });
});
