import type { Outcome, ProxyLogin } from '../../contract/logins';

/**
 * Pure model of logins: takes the login settings and returns the outcome for each client.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
 */

/** Login settings of the instance and, if there is one, of the proxy in front of it. */
export interface LoginSettings {
  readonly iamAuthentication: boolean;
  readonly proxy?: ProxyLogin;
}

/** Login settings, and the setting that affects only clients without TLS. */
export interface TransportSettings extends LoginSettings {
  /** Whether the instance refuses every connection without TLS (`require_secure_transport`). */
  readonly requireSecureTransport: boolean;
}

export interface LoginVerdict {
  readonly outcome: Outcome;
  readonly reason: string;
}

interface ProxyVerdicts {
  readonly passwordToProxy: LoginVerdict;
  readonly iamToProxy: LoginVerdict;
}

/** The outcomes of the four clients. Without a proxy, the two clients of the proxy are absent. */
export interface LoginMatrix extends Partial<ProxyVerdicts> {
  readonly passwordToInstance: LoginVerdict;
  readonly iamToInstance: LoginVerdict;
}

/**
 * Clients that log in to a proxy by password use the plugin caching_sha2_password, as all password users of this project do.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
 */
const SHA2_NEEDS_TLS = 'RDS Proxy accepts caching_sha2_password, the default of MySQL 8.4, over TLS only';

const connects = (reason: string): LoginVerdict => ({ outcome: 'o', reason });
const refused = (reason: string): LoginVerdict => ({ outcome: 'x', reason });

/** Returns the outcome of each client’s login over TLS, and the reason. */
export function loginMatrix(settings: LoginSettings): LoginMatrix {
  return {
    passwordToInstance: connects('the instance accepts the password of a password user'),
    iamToInstance: settings.iamAuthentication
      ? connects('IAM database authentication is on for the instance')
      : refused('IAM database authentication is off for the instance; a token is refused'),
    ...(settings.proxy && throughProxy(settings.proxy, settings.iamAuthentication)),
  };
}

/** Returns the outcome of each client’s login without TLS, and the reason. */
export function loginMatrixWithoutTls(settings: TransportSettings): LoginMatrix {
  const { passwordToInstance, iamToInstance, passwordToProxy, iamToProxy } = loginMatrix(settings);
  const atInstance = settings.requireSecureTransport ? 'the instance requires TLS' : undefined;
  const atProxy = settings.proxy?.requireTls ? 'the proxy requires TLS' : undefined;
  return {
    passwordToInstance: applyRule(atInstance, passwordToInstance),
    iamToInstance: applyRule(atInstance ?? 'the IAM user has REQUIRE SSL: it connects over TLS only', iamToInstance),
    ...(passwordToProxy && { passwordToProxy: applyRule(atProxy ?? SHA2_NEEDS_TLS, passwordToProxy) }),
    ...(iamToProxy && { iamToProxy: applyRule(atProxy, iamToProxy) }),
  };
}

/** Refuses a login that violates a rule. A login that is refused anyway keeps its own reason. */
const applyRule = (rule: string | undefined, verdict: LoginVerdict): LoginVerdict =>
  rule !== undefined && verdict.outcome === 'o' ? refused(rule) : verdict;

/**
 * Returns the outcomes at a proxy. A proxy with a secret logs in to the instance by password, so the *instance's* IAM setting
 * does not affect the clients of that proxy. A proxy that logs in by IAM needs IAM authentication on the instance.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html#rds-proxy-iam-setup-e2e-steps
 */
function throughProxy(proxy: ProxyLogin, iamAuthentication: boolean): ProxyVerdicts {
  if (proxy.iamAuth === 'DISABLED') {
    return {
      passwordToProxy: connects('the proxy accepts the password that is in its secret'),
      iamToProxy: refused('the proxy has IAM disabled; a token is refused'),
    };
  }
  if (!proxy.requireTls) {
    // RDS does not create such a proxy, so no login succeeds, with or without TLS.
    const unusable: LoginVerdict = {
      outcome: '–',
      reason: 'RDS does not create a proxy that requires IAM but not TLS',
    };
    return { passwordToProxy: unusable, iamToProxy: unusable };
  }
  if (proxy.upstream === 'iam') {
    return {
      passwordToProxy: refused('the proxy requires IAM and has no secret; a password is refused'),
      iamToProxy: iamAuthentication
        ? connects('the proxy checks the token and logs in with a token of its own role')
        : refused('the instance refuses the token of the proxy, because IAM database authentication is off'),
    };
  }
  return {
    passwordToProxy: refused('the proxy requires IAM; a password is refused'),
    iamToProxy: connects('the proxy checks the token and logs in with the password in its secret'),
  };
}
