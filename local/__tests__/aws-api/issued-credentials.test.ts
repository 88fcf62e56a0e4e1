import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IssuedCredentials } from '../../aws-api/issued-credentials';
import { ROLE } from '../support/functions';

const MINUTE_MS = 60_000;

let sts: Server;
let endpoint: string;
let asked: number;
let lifetimeMinutes: number;

const answer = (): string => `<AssumeRoleResponse><Credentials>
  <AccessKeyId>KEY${asked}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>${new Date(Date.now() + lifetimeMinutes * MINUTE_MS).toISOString()}</Expiration>
</Credentials></AssumeRoleResponse>`;

beforeEach(async () => {
  asked = 0;
  lifetimeMinutes = 60;
  sts = createServer((_request, response) => {
    asked += 1;
    response.end(answer());
  });
  await new Promise<void>((listening) => sts.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
});

afterEach(() => {
  sts.closeAllConnections();
  sts.close();
});

const keyOf = async (credentials: IssuedCredentials): Promise<string | undefined> =>
  (await credentials.forFunction(endpoint, ROLE, 'function'))['AWS_ACCESS_KEY_ID'];

describe('credentials of a function', () => {
  it('are requested once, even if containers start at the same time', async () => {
    const credentials = new IssuedCredentials();
    expect(await Promise.all([keyOf(credentials), keyOf(credentials)])).toEqual(['KEY1', 'KEY1']);
    expect(await keyOf(credentials)).toBe('KEY1');
  });

  it('are renewed before they expire', async () => {
    const credentials = new IssuedCredentials();
    lifetimeMinutes = 4;
    expect([await keyOf(credentials), await keyOf(credentials)]).toEqual(['KEY1', 'KEY2']);
  });
});

describe('issued credentials', () => {
  const request = (body: string) => ({ method: 'POST', path: '/', headers: {}, body: Buffer.from(body) });
  const assumeRole = request(`Action=AssumeRole&RoleArn=${encodeURIComponent(ROLE)}&RoleSessionName=ann`);
  const given = (status = 200) => ({ status, headers: {}, body: Buffer.from(answer()) });

  it('are known until they expire', () => {
    const credentials = new IssuedCredentials();
    credentials.learn(assumeRole, given());
    expect(credentials.of('KEY0')).toMatchObject({ roleArn: ROLE, session: 'ann', secretAccessKey: 'secret' });
    lifetimeMinutes = -1;
    credentials.learn(assumeRole, given());
    expect(credentials.of('KEY0')).toBeUndefined();
  });

  it('are removed after they expire, however many there are', () => {
    const credentials = new IssuedCredentials();
    lifetimeMinutes = -1;
    for (asked = 0; asked < 1_000; asked += 1) credentials.learn(assumeRole, given());
    expect(credentials.size).toBeLessThan(200);
    lifetimeMinutes = 60;
    for (asked = 1_000; asked < 1_500; asked += 1) credentials.learn(assumeRole, given());
    expect(credentials.of('KEY1000')).toBeDefined();
    expect(credentials.of('KEY1499')).toBeDefined();
  });

  it('are learnt only from a successful AssumeRole', () => {
    const credentials = new IssuedCredentials();
    credentials.learn(assumeRole, given(403));
    credentials.learn(request('Action=GetCallerIdentity'), given());
    expect(credentials.of('KEY0')).toBeUndefined();
  });
});
