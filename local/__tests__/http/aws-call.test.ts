import { AWS_JSON, isRead, jsonResponse, toAwsCall } from '../../http/aws-call';
import type { WholeRequest } from '../../http/exchange';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

/** A request that is signed for a service. */
const request = (service: string, change: Partial<WholeRequest> = {}, body = ''): WholeRequest => ({
  method: 'POST',
  path: '/',
  body: Buffer.from(body),
  ...change,
  headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=AKIA1/20260131/eu-central-1/${service}/aws4_request, Signature=none`,
    ...change.headers,
  },
});

const json = (service: string, target: string, body = '{}') =>
  request(service, { headers: { 'x-amz-target': target, 'content-type': AWS_JSON } }, body);

const form = (service: string, body: string) => request(service, { headers: { 'content-type': FORM } }, body);

describe('a signed request', () => {
  it('names access key, region and service in its signature', () => {
    expect(toAwsCall(request('lambda'))).toEqual({
      accessKeyId: 'AKIA1',
      region: 'eu-central-1',
      service: 'lambda',
      action: undefined,
      parameters: {},
    });
  });

  it('of the JSON protocol names its action in X-Amz-Target, and has parameters', () => {
    expect(toAwsCall(json('secretsmanager', 'secretsmanager.GetSecretValue', '{"SecretId":"own"}'))).toMatchObject({
      action: 'GetSecretValue',
      parameters: { SecretId: 'own' },
    });
    expect(toAwsCall(json('logs', 'Logs_20140328.PutLogEvents', 'no JSON'))).toMatchObject({
      action: 'PutLogEvents',
      parameters: {},
    });
  });

  it('of the query protocol names its action in the form', () => {
    expect(toAwsCall(form('rds', 'Action=CreateDBProxy&Version=2014-10-31'))).toMatchObject({
      action: 'CreateDBProxy',
      parameters: {},
    });
    expect(toAwsCall(form('rds', 'Version=2014-10-31'))?.action).toBeUndefined();
  });
});

describe('a request', () => {
  it.each([undefined, 'Bearer token', 'AWS4-HMAC-SHA256 Credential=AKIA1'])(
    'with the authorization %j is not signed',
    (authorization) => {
      const headers = authorization === undefined ? {} : { authorization };
      expect(toAwsCall({ method: 'GET', path: '/', headers, body: Buffer.alloc(0) })).toBeUndefined();
    },
  );
});

describe('a request that only reads', () => {
  it.each([
    ['Describe…', form('rds', 'Action=DescribeDBProxies'), true],
    ['List…', json('kms', 'TrentService.ListKeys'), true],
    ['Get…', json('secretsmanager', 'secretsmanager.GetSecretValue'), true],
    ['Create…', form('rds', 'Action=CreateDBProxy'), false],
    ['Getaway', json('any', 'any.Getaway'), false],
    ['GET', request('lambda', { method: 'GET' }), true],
    ['HEAD', request('s3', { method: 'HEAD' }), true],
    ['POST', request('lambda'), false],
  ])('is recognised by its action or its method: %s', (_what, asked, expected) => {
    expect(isRead(asked)).toBe(expected);
  });

  it('does not include CloudFront requests: a read moves moto’s distributions to Deployed', () => {
    expect(isRead(request('cloudfront', { method: 'GET' }))).toBe(false);
  });

  it('does not include unsigned requests', () => {
    expect(isRead({ method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) })).toBe(false);
  });
});

describe('a response of the JSON protocol', () => {
  it('has AWS’s content type', () => {
    const { status, headers, body } = jsonResponse({ Name: 'own' });
    expect([status, headers, body.toString()]).toEqual([200, { 'content-type': AWS_JSON }, '{"Name":"own"}']);
  });
});
