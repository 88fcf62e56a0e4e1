import { readRestApi } from '../../api-gateway/rest-api';
import { ACCOUNT, API_HOST, API_ID, appliedOf, changeValues, restApi, type Resources } from '../support/http-state';

describe('a REST API', () => {
  it('has its account, its stages by name, and a host name made of its id and region', () => {
    const api = readRestApi(appliedOf(restApi()));
    expect(api).toMatchObject({ id: API_ID, accountId: ACCOUNT, domainName: API_HOST, binaryMediaTypes: [] });
    expect([...api.stages.keys()]).toEqual(['live']);
  });

  it('does not have the stages of another API', () => {
    const resources = changeValues(restApi(), 'aws_api_gateway_stage', { rest_api_id: 'other' });
    expect(readRestApi(appliedOf(resources)).stages.size).toBe(0);
  });
});

describe('an applied stack', () => {
  const withApiValues = (values: object) => changeValues(restApi(), 'aws_api_gateway_rest_api', values);

  it.each<[what: string, resources: Resources, reason: RegExp]>([
    ['no REST API', {}, /No aws_api_gateway_rest_api is applied/],
    ['an API without a body', withApiValues({ body: null }), /REST API without a body is not supported/],
    [
      'methods outside the API’s body',
      { ...restApi(), aws_api_gateway_method: [{}] },
      /aws_api_gateway_method beside the body/,
    ],
    [
      'two REST APIs',
      { ...restApi(), aws_api_gateway_rest_api: [...(restApi()['aws_api_gateway_rest_api'] ?? []), { id: 'second' }] },
      /^A stack with 2 REST APIs is not supported/,
    ],
    [
      'a disabled default endpoint',
      withApiValues({ disable_execute_api_endpoint: true }),
      /^disable_execute_api_endpoint true is not supported/,
    ],
    ['compression', withApiValues({ minimum_compression_size: '0' }), /^minimum_compression_size 0 is not supported/],
    ['a resource policy', withApiValues({ policy: '{}' }), /resource policy/],
  ])('with %s is rejected', (_what, resources, reason) => {
    expect(() => readRestApi(appliedOf(resources))).toThrow(reason);
  });
});
