import { AWS_JSON, isRead, jsonResponse, toAwsCall } from '../../http/aws-call';
import { jsonRequest, queryRequest, signedFor, signedRequest } from '../support/aws-requests';

describe('a signed request', () => {
  it('names access key, region and service in its signature', () => {
    expect(toAwsCall(signedRequest('lambda', { headers: signedFor('lambda', 'AKIA1') }))).toEqual({
      accessKeyId: 'AKIA1',
      region: 'eu-central-1',
      service: 'lambda',
      action: undefined,
      parameters: {},
    });
  });

  it('of the JSON protocol names its action in X-Amz-Target, and its parameters in a body of JSON', () => {
    const call = jsonRequest('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'own' });
    expect(toAwsCall(call)).toMatchObject({ action: 'GetSecretValue', parameters: { SecretId: 'own' } });
    const withoutJson = { ...call, body: Buffer.from('no JSON') };
    expect(toAwsCall(withoutJson)).toMatchObject({ action: 'GetSecretValue', parameters: {} });
  });

  it('of the query protocol names its action in the form; the other parameters are not read', () => {
    const call = toAwsCall(queryRequest('rds', { Action: 'CreateDBProxy', Version: '2014-10-31' }));
    expect(call).toMatchObject({ action: 'CreateDBProxy', parameters: {} });
    expect(toAwsCall(queryRequest('rds', { Version: '2014-10-31' }))?.action).toBeUndefined();
  });
});

describe('a request', () => {
  it.each([undefined, 'Bearer token', 'AWS4-HMAC-SHA256 Credential=AKIA1'])(
    'with the authorization %j is not signed',
    (authorization) => {
      const headers = authorization === undefined ? {} : { authorization };
      expect(toAwsCall(signedRequest('sts', { headers }))).toBeUndefined();
    },
  );

  it.each([
    ['the action DescribeDBProxies', queryRequest('rds', { Action: 'DescribeDBProxies' })],
    ['the action ListKeys', jsonRequest('kms', 'TrentService.ListKeys')],
    ['the action GetSecretValue', jsonRequest('secretsmanager', 'secretsmanager.GetSecretValue')],
    ['the method GET and no action', signedRequest('lambda', { method: 'GET' })],
    ['the method HEAD and no action', signedRequest('s3', { method: 'HEAD' })],
  ])('with %s is a read', (_what, request) => {
    expect(isRead(request)).toBe(true);
  });

  it.each([
    ['with the action CreateDBProxy', queryRequest('rds', { Action: 'CreateDBProxy' })],
    ['with the action Getaway', jsonRequest('any', 'any.Getaway')],
    ['with the method POST and no action', signedRequest('lambda')],
    [
      'to CloudFront, where a GET makes moto mark a distribution as deployed,',
      signedRequest('cloudfront', { method: 'GET' }),
    ],
    ['without a signature', signedRequest('sts', { method: 'GET', headers: {} })],
  ])('%s is not a read', (_what, request) => {
    expect(isRead(request)).toBe(false);
  });
});

describe('a response of the JSON protocol', () => {
  it('has AWS’s content type', () => {
    const { status, headers, body } = jsonResponse({ Name: 'own' });
    expect([status, headers, body.toString()]).toEqual([200, { 'content-type': AWS_JSON }, '{"Name":"own"}']);
  });
});
