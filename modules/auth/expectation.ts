import { loginMatrix, loginMatrixWithoutTls, type LoginMatrix, type Outcome, type ProxyLogin } from './matrix';

/** A proxy by the kind of login it is there for. */
export type ProxyName = 'password-proxy' | 'iam-proxy';

/** How everything that is deployed lets clients in. */
export interface DeployedLogins {
  readonly iamAuthentication: boolean;
  readonly requireSecureTransport: boolean;
  /** The proxies that are there. */
  readonly proxies: Readonly<Partial<Record<ProxyName, ProxyLogin>>>;
}

/** One row of the matrix: the instance by itself, or with one proxy in front of it. */
export interface MatrixRow extends Partial<ProxyLogin> {
  /** 1 to 10; docs/settings.md has the table. */
  readonly row: number;
  /** @default - no proxy */
  readonly proxy?: ProxyName;
}

/** One way to log in, and what comes of it by the model. */
export interface ExpectedLogin {
  readonly login: 'password' | 'iam';
  readonly target: 'instance' | ProxyName;
  readonly tls: boolean;
  readonly expected: Outcome;
  /** Why it is expected. */
  readonly because: string;
}

/** What a measurement of the deployment is compared with. */
export interface Expectation {
  readonly settings: Pick<DeployedLogins, 'iamAuthentication' | 'requireSecureTransport'> & {
    readonly rows: readonly MatrixRow[];
  };
  /** With TLS first, then without; each in the order of the columns a to d. */
  readonly logins: readonly ExpectedLogin[];
}

const PROXIES: readonly ProxyName[] = ['password-proxy', 'iam-proxy'];

/** The rows of the matrix that are deployed, and every way to log in to them. */
export function expectation({ proxies, ...instance }: DeployedLogins): Expectation {
  const deployed = PROXIES.flatMap((name) => {
    const proxy = proxies[name];
    return proxy ? [{ name, proxy }] : [];
  });
  const logins = [true, false].flatMap((tls) => {
    const decide = tls ? loginMatrix : loginMatrixWithoutTls;
    return [
      ...toInstance(decide(instance), tls),
      ...deployed.flatMap(({ name, proxy }) => toProxy(decide({ ...instance, proxy }), name, tls)),
    ];
  });
  const rows = [
    { row: rowNumber(instance.iamAuthentication) },
    ...deployed.map(({ name, proxy }) => ({
      row: rowNumber(instance.iamAuthentication, proxy),
      proxy: name,
      requireTls: proxy.requireTls,
      iamAuth: proxy.iamAuth,
    })),
  ];
  return { settings: { ...instance, rows }, logins };
}

function toInstance({ passwordToInstance, iamToInstance }: LoginMatrix, tls: boolean): ExpectedLogin[] {
  return [toLogin('password', 'instance', tls, passwordToInstance), toLogin('iam', 'instance', tls, iamToInstance)];
}

function toProxy({ passwordToProxy, iamToProxy }: LoginMatrix, name: ProxyName, tls: boolean): ExpectedLogin[] {
  return [toLogin('password', name, tls, passwordToProxy), toLogin('iam', name, tls, iamToProxy)];
}

function toLogin(
  login: ExpectedLogin['login'],
  target: ExpectedLogin['target'],
  tls: boolean,
  verdict: LoginMatrix['passwordToProxy'],
): ExpectedLogin {
  if (verdict === undefined) throw new Error(`The matrix has no verdict on ${login} at ${target}`);
  return { login, target, tls, expected: verdict.outcome, because: verdict.reason };
}

/** Rows come in pairs, the second of which has IAM on the instance; the pairs go by the proxy. */
function rowNumber(iamAuthentication: boolean, proxy?: ProxyLogin): number {
  const pair = proxy ? 1 + Number(proxy.requireTls) + 2 * Number(proxy.iamAuth === 'REQUIRED') : 0;
  return 1 + 2 * pair + Number(iamAuthentication);
}
