import type { Finding } from './condition';
import { admits, type DeployedUser } from './deployed-users';
import { iamInstanceOf, proxyLogsInByIam, type ConditionInputs } from './condition-inputs';

/**
 * Checks that the database has the login's user, and that this user accepts the credential and address of the client or proxy.
 * Also lists the user's grants.
 */
export function databaseFindings(inputs: ConditionInputs): Finding[] {
  const { login } = inputs;
  const { user, userName } = login;
  if (user === undefined) {
    const fix = `Declare the user '${userName}' (database.users), or log in as a declared user.`;
    return [
      { needs: `the database has the user '${userName}'`, found: 'no such user is declared', resources: [], fix },
    ];
  }
  return [
    ...iamAuthenticationFindings(inputs),
    userFinding(inputs, user),
    credentialFinding(inputs, user),
    addressFinding(inputs, user),
    grantsFinding(user),
  ];
}

function iamAuthenticationFindings(inputs: ConditionInputs): Finding[] {
  const instance = iamInstanceOf(inputs);
  if (inputs.login.credential !== 'token' || instance === undefined) return [];
  const isOn = instance.iam_database_authentication_enabled;
  return [
    {
      needs: 'IAM database authentication of the instance is on',
      found: `iam_database_authentication_enabled is ${isOn}`,
      resources: [instance],
      ...(!isOn && {
        fix: 'Set iam_database_authentication_enabled of the instance to true (database.iamAuthentication). With apply_immediately false (database.applyImmediately), RDS applies that in the maintenance window.',
      }),
    },
  ];
}

function userFinding({ applied }: ConditionInputs, { name, host, source, isCreated }: DeployedUser): Finding {
  return {
    needs: `the database has the user '${name}'@'${host}'`,
    found: isCreated ? 'it was created' : 'the bootstrap has not created it',
    resources: [source],
    ...(!isCreated && { fix: `Invoke the bootstrap again: terraform apply -replace=${applied.addressOf(source)}` }),
  };
}

/** Checks that the database user accepts the credential of the client or proxy. A proxy has a password, or a token if it logs in by IAM. */
function credentialFinding(inputs: ConditionInputs, { name, login: declaredLogin, source }: DeployedUser): Finding {
  const { login, target } = inputs;
  const isProxy = target?.kind === 'proxy';
  const isByIam = isProxy ? proxyLogsInByIam(inputs) : login.credential === 'token';
  const neededLogin = isByIam ? 'iam' : 'password';
  const declared = declaredLogin === 'iam' ? 'is IDENTIFIED WITH AWSAuthenticationPlugin' : 'has a password';
  const fix = isByIam
    ? `Log in as a user that is IDENTIFIED WITH AWSAuthenticationPlugin: '${name}' has a password.`
    : `Log in as a user with a password: '${name}' is IDENTIFIED WITH AWSAuthenticationPlugin.`;
  return {
    needs: `the database accepts a ${isByIam ? 'token' : 'password'} from the ${isProxy ? 'proxy' : 'client'} for the user '${name}'`,
    found: `the user ${declared}`,
    resources: [source],
    ...(neededLogin !== declaredLogin && { fix }),
  };
}

function addressFinding({ network, target, from }: ConditionInputs, { name, host, source }: DeployedUser): Finding {
  // The database sees the proxy's address, not that of the proxy's client.
  const isProxy = target?.kind === 'proxy';
  const address = network.addressOf(isProxy ? (network.hosts[target.host] ?? '') : from);
  const fix = isProxy
    ? `Create an account '${name}' for the proxy’s address ${address}, or log in as a user with an account for that address.`
    : `Log in from an address in ${host}, or through a proxy: '${name}' has no account for other addresses.`;
  return {
    needs: `the user '${name}' may log in from ${address}`,
    found: `its account allows ${host}`,
    resources: [source],
    ...(!admits(host, address) && { fix }),
  };
}

/** Lists the grants, for information. This condition never fails, because the statements of the client are unknown here. */
function grantsFinding({ name, grants, source }: DeployedUser): Finding {
  return { needs: `the user '${name}' has these grants`, found: grants, resources: [source] };
}
