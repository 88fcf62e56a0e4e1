import { isAccessDenied } from '../error-codes';
import { byCode, parseHost, userNameOf, type Cause, type Failure } from './cause';
import { readToken, type TokenClaims } from './token';

const MINUTE_MS = 60_000;
const TOKEN_LIFETIME_MINUTES = 15;

const noSecretFor = (user: string): string =>
  `the proxy has no secret for '${user}': an auth block of the proxy must name the secret with that username, and the proxy's role must be able to read this secret`;

/** The remedy for an account that the bootstrap repairs. */
const INVOKE_BOOTSTRAP = 'invoke the bootstrap again with Terraform (docs/operations.md#without-rotation)';

/** Recognises a cause for the refusal of a token login. `clearText` is true only for token logins. */
const ofTokenLogin =
  (sentenceOf: (claims: TokenClaims, failure: Failure) => string | undefined): Cause =>
  (failure) => {
    const { attempt } = failure;
    if (!isAccessDenied(failure) || !attempt?.login.clearText) return undefined;
    const claims = readToken(attempt.login.password);
    return claims && sentenceOf(claims, failure);
  };

const tokenForOtherHost = ofTokenLogin(({ endpoint }, { target: { host, port } }) =>
  endpoint === `${host}:${port}`
    ? undefined
    : `the token is for ${endpoint} and was sent to ${host}:${port}: sign it for the endpoint that you connect to`,
);

const hostIsNotRds = ofTokenLogin((_claims, { target: { host } }) =>
  parseHost(host) === undefined
    ? `${host} is not an RDS endpoint: DB_HOST must be the endpoint itself, because RDS never accepts a token for a CNAME`
    : undefined,
);

const tokenForOtherRegion = ofTokenLogin(({ region }, { target: { host } }) => {
  const hostRegion = parseHost(host)?.region;
  return hostRegion === undefined || hostRegion === region
    ? undefined
    : `the token is signed for ${region} and ${host} is in ${hostRegion}: AWS_REGION must be the region of the endpoint`;
});

const tokenForOtherUser = ofTokenLogin(({ user }, { attempt }) =>
  user === attempt?.login.user
    ? undefined
    : `the token is for the user '${user}' and the login for the user '${attempt?.login.user ?? ''}': DB_USER must be the user of the token`,
);

const tokenTooOld = ofTokenLogin(({ signedAt }, { now, attempt }) => {
  if (attempt?.tokenSent === false) return undefined;
  const minutes = Math.floor((now.getTime() - signedAt.getTime()) / MINUTE_MS);
  return minutes < TOKEN_LIFETIME_MINUTES
    ? undefined
    : `the token was signed ${minutes} minutes ago and is valid for ${TOKEN_LIFETIME_MINUTES} minutes: sign one for each connection`;
});

/** A server that did not ask for the token cannot have checked the token, so policies and clocks are not the cause. */
const tokenNotAsked = ofTokenLogin((_claims, { attempt, target: { host } }) => {
  if (attempt?.tokenSent !== false) return undefined;
  return parseHost(host)?.isProxy
    ? `the proxy asked for no token: either its IAM setting is DISABLED, so connect to the proxy whose setting is REQUIRED; or ${noSecretFor(attempt.login.user)}`
    : `the server asked for a password, not for a token: the user '${attempt.login.user}' does not exist there, or is not IDENTIFIED WITH AWSAuthenticationPlugin, or IAM database authentication is off`;
});

const passwordNotAsked: Cause = ({ attempt, target: { host } }) => {
  if (attempt?.login.clearText !== false) return undefined;
  return parseHost(host)?.isProxy
    ? 'the proxy asked for a token, not for a password: its IAM setting is REQUIRED, so connect to the proxy whose setting is DISABLED'
    : `the server asked for a token, not for a password: the user '${attempt.login.user}' is IDENTIFIED WITH AWSAuthenticationPlugin and logs in by IAM`;
};

/** A proxy answers the same to a user without a secret and to a wrong password. */
const passwordRefusedByProxy: Cause = (failure) => {
  const { attempt, target } = failure;
  if (!isAccessDenied(failure) || attempt?.login.clearText !== false || !parseHost(target.host)?.isProxy)
    return undefined;
  return `${noSecretFor(attempt.login.user)}; or the proxy has the secret, but the secret holds another password`;
};

/** Causes for which a reachable server refuses a login, or requests a way to log in that the driver does not allow. */
export const loginCauses: readonly Cause[] = [
  tokenForOtherHost,
  hostIsNotRds,
  tokenForOtherRegion,
  tokenForOtherUser,
  tokenTooOld,
  tokenNotAsked,
  passwordRefusedByProxy,
  byCode({
    AUTH_SWITCH_PLUGIN_ERROR: passwordNotAsked,
    MYSQL_CLEAR_PASSWORD_NOT_ENABLED: passwordNotAsked,
    ER_PLUGIN_IS_NOT_LOADED: (failure) =>
      failure.message.includes('AWSAuthenticationPlugin')
        ? 'the server has not loaded AWSAuthenticationPlugin, because IAM database authentication is off on the instance, or turns on only in the maintenance window: set database.iamAuthentication and database.applyImmediately to true and deploy again'
        : `the account of ${userNameOf(failure)} is IDENTIFIED WITH a plugin that the server has not loaded: ${INVOKE_BOOTSTRAP}`,
    ER_NOT_SUPPORTED_AUTH_MODE: (failure) =>
      `the account of ${userNameOf(failure)} is IDENTIFIED WITH a plugin that the driver does not know: ${INVOKE_BOOTSTRAP}`,
    // RDS lets the master user log in from every address, so an instance sends this error only after a change by hand.
    ER_HOST_NOT_PRIVILEGED: () =>
      "no account, not even that of the master user, allows the client's address: check DB_HOST, and whether the master user was dropped or limited to some addresses",
    ER_ACCOUNT_HAS_BEEN_LOCKED: (failure) =>
      `the account of ${userNameOf(failure)} is locked: to unlock it, ${INVOKE_BOOTSTRAP}`,
    // https://dev.mysql.com/doc/refman/8.4/en/password-management.html#failed-login-tracking
    ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK: (failure) =>
      `the account of ${userNameOf(failure)} is blocked after failed logins: to unblock it, ${INVOKE_BOOTSTRAP}`,
    ER_MUST_CHANGE_PASSWORD_LOGIN: (failure) =>
      `the password of ${userNameOf(failure)} has expired: rotate its secret, or ${INVOKE_BOOTSTRAP}`,
    ER_DBACCESS_DENIED_ERROR: (failure) =>
      `${userNameOf(failure)} logged in but has no privilege on the database in DB_NAME: to grant it, ${INVOKE_BOOTSTRAP}`,
  }),
];
