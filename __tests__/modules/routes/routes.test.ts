import type { RouteLogin } from '../../../contract/routes';
import type { LambdaFunction } from '../../../modules/compute/lambda-function';
import { accessOf, targetOf, type RoutesProps } from '../../../modules/routes/routes';
import { parseSettings } from '../../../modules/settings/settings';
import { endToEndIam, allFeatures } from '../../support/stack';

const ROLE = { name: 'role' };
const LAMBDA = { role: ROLE } as unknown as LambdaFunction;

/** Returns the properties of the routes in an environment, with endpoints and a secret that record what they grant. */
function propsOf(environment = allFeatures) {
  const endpoint = (): { grantConnect: jest.Mock } => ({ grantConnect: jest.fn() });
  const [instance, iamProxy, passwordProxy] = [endpoint(), endpoint(), endpoint()];
  const secret = { user: 'timestamps', grantRead: jest.fn() };
  const proxies = { 'iam-proxy': iamProxy, 'password-proxy': passwordProxy };
  const props = { settings: parseSettings(environment), instance, proxies, secrets: { timestamps: secret } };
  return { instance, iamProxy, secret, props: props as unknown as RoutesProps };
}

const BY_PASSWORD: RouteLogin = { by: 'password', at: 'password-proxy', inVpc: true, as: 'timestamps', how: '' };
const BY_IAM: RouteLogin = { by: 'iam', at: 'instance', inVpc: true, as: 'items', how: '' };
const THROUGH_PROXY: RouteLogin = { ...BY_IAM, at: 'iam-proxy', as: 'timestamps', asEndToEnd: 'timestampsIam' };

describe('the permission of a route', () => {
  it('to log in by password is to read one secret', () => {
    const { secret, props } = propsOf();
    const access = accessOf(props, BY_PASSWORD);
    access.grantTo(LAMBDA);
    expect([access.user, access.secret]).toEqual(['timestamps', secret]);
    expect(secret.grantRead.mock.calls).toEqual([[ROLE]]);
  });

  it('to log in by IAM is to connect as one user to one endpoint', () => {
    const { instance, iamProxy, props } = propsOf();
    const access = accessOf(props, BY_IAM);
    access.grantTo(LAMBDA);
    expect(access).not.toHaveProperty('secret');
    expect(instance.grantConnect.mock.calls).toEqual([[ROLE, 'items']]);
    expect(iamProxy.grantConnect).not.toHaveBeenCalled();
  });

  it.each([
    ['password', 'timestamps', allFeatures],
    ['IAM', 'timestamps_iam', endToEndIam],
  ])('to log in through a proxy that itself logs in by %s is to connect as %s', (_what, user, environment) => {
    const { iamProxy, props } = propsOf(environment);
    accessOf(props, THROUGH_PROXY).grantTo(LAMBDA);
    expect(iamProxy.grantConnect.mock.calls).toEqual([[ROLE, user]]);
  });

  it('to log in by password cannot be granted if the user has no secret', () => {
    const { props } = propsOf();
    expect(() => accessOf({ ...props, secrets: {} }, BY_PASSWORD)).toThrow(
      'A route logs in by password as timestamps, but that user has no secret',
    );
  });
});

describe('the endpoint of a route', () => {
  it('is the instance or a proxy', () => {
    const { instance, iamProxy, props } = propsOf();
    expect([targetOf(props, 'instance'), targetOf(props, 'iam-proxy')]).toEqual([instance, iamProxy]);
  });

  it('must be one that the settings deploy', () => {
    const { props } = propsOf();
    expect(() => targetOf({ ...props, proxies: {} }, 'iam-proxy')).toThrow(
      'A route logs in to the iam-proxy, but the settings do not deploy it',
    );
  });
});
