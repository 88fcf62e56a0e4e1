import type { Finding } from './condition';
import { admits, type DeployedUser } from './deployed-users';
import { iamInstanceOf, proxyLogsInByIam, type ConditionInputs } from './condition-inputs';

/** Checks that the instance has the user, and accepts its way to log in and its source address. */
export function databaseFindings(inputs: ConditionInputs): Finding[] {
  const { login } = inputs;
  const { user, userName } = login;
  if (user === undefined) {
    const fix = `Declare the user ${userName} (database.users), or log in as a declared user.`;
    return [{ needs: `the database has the user ${userName}`, found: 'no such user is declared', resources: [], fix }];
  }
  return [...iamIsOn(inputs), isMade(user), takesProof(inputs, user), takesAddress(inputs, user), hasGrants(user)];
}

function iamIsOn(inputs: ConditionInputs): Finding[] {
  const instance = iamInstanceOf(inputs);
  if (inputs.login.proof !== 'token' || instance === undefined) return [];
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

function isMade({ name, host, source, isMade: made }: DeployedUser): Finding {
  return {
    needs: `the database has the user '${name}'@'${host}'`,
    found: made ? 'it was created' : 'the bootstrap has not created it',
    resources: [source],
    ...(!made && { fix: 'Replace the invocation of the bootstrap: terraform apply -replace with its address.' }),
  };
}

/** Behind a proxy with a secret, a user always logs in by password, whatever the client uses. */
function takesProof(inputs: ConditionInputs, { name, login: kind, source }: DeployedUser): Finding {
  const { login, target } = inputs;
  const isProxy = target?.kind === 'proxy';
  const isByIam = isProxy ? proxyLogsInByIam(inputs) : login.proof === 'token';
  const wanted = isByIam ? 'iam' : 'password';
  const plugin = kind === 'iam' ? 'is IDENTIFIED WITH AWSAuthenticationPlugin' : 'has a password';
  const fix = isByIam
    ? `Log in as a user that is IDENTIFIED WITH AWSAuthenticationPlugin: ${name} has a password.`
    : `Log in as a user with a password: ${name} is IDENTIFIED WITH AWSAuthenticationPlugin.`;
  return {
    needs: `the user ${name} accepts a ${isByIam ? 'token' : 'password'} from the ${isProxy ? 'proxy' : 'client'}`,
    found: `it ${plugin}`,
    resources: [source],
    ...(wanted !== kind && { fix }),
  };
}

function takesAddress({ network, target, from }: ConditionInputs, { name, host, source }: DeployedUser): Finding {
  // The database sees the proxy's address, not that of the proxy's client.
  const isProxy = target?.kind === 'proxy';
  const address = network.addressOf(isProxy ? (network.hosts[target.host] ?? '') : from);
  const fix = isProxy
    ? `Make an account ${name} for ${address}, the address of the proxy, or log in as a user that has one.`
    : `Log in from an address in ${host}, or through a proxy: ${name} has no account for other addresses.`;
  return {
    needs: `the user ${name} may log in from ${address}`,
    found: `its account allows ${host}`,
    resources: [source],
    ...(!admits(host, address) && { fix }),
  };
}

function hasGrants({ name, grants, source }: DeployedUser): Finding {
  return { needs: `the user ${name} has its grants`, found: grants, resources: [source] };
}
