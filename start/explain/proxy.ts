import { connectArn, type DbProxy, flawOf, type ProxyAuth, targetInstanceOf } from '../../local/decisions';
import { fromConnectionCondition, type Finding } from './condition';
import { permissionFinding, trustFinding } from './role';
import { proxyLogsInByIam, type ConditionInputs } from './condition-inputs';
import { connectFinding } from './token';

/** Checks that the proxy accepts the client, and that the proxy itself reaches the database. */
export function proxyFindings(inputs: ConditionInputs): Finding[] {
  const { target, login } = inputs;
  if (target?.kind !== 'proxy') return [];
  const { proxy } = target;
  if (proxyLogsInByIam(inputs)) {
    return [
      tlsFinding(proxy),
      tokenFinding(inputs, proxy),
      ...iamLoginFindings(inputs, proxy),
      ...targetFindings(inputs, proxy),
    ];
  }
  const auth = proxy.auth.find(({ secret_arn }) => secret_arn === login.user?.secretArn);
  return [
    tlsFinding(proxy),
    secretFinding(inputs, proxy, auth),
    ...(auth
      ? [credentialFinding(inputs, proxy, auth), roleFinding(inputs, proxy), readFinding(inputs, proxy, auth)]
      : []),
    ...targetFindings(inputs, proxy),
  ];
}

function tlsFinding(proxy: DbProxy): Finding {
  const needs = `the proxy ${proxy.name} requires TLS if clients log in by IAM`;
  const flaw = flawOf(proxy);
  const found = `require_tls is ${proxy.require_tls}`;
  return { needs, found: flaw?.reason ?? found, resources: [proxy], fix: flaw?.fix };
}

function tokenFinding({ login: { userName, credential } }: ConditionInputs, proxy: DbProxy): Finding {
  return {
    needs: `the proxy accepts a ${credential} from the user '${userName}' without a secret for this user`,
    found: `default_auth_scheme is ${proxy.default_auth_scheme ?? ''}, so the proxy accepts tokens and logs in by IAM`,
    resources: [proxy],
    ...(credential !== 'token' && { fix: 'Log in by IAM, or add the secret of the user to the auth of the proxy.' }),
  };
}

/** Checks the proxy's own login by IAM to its target. */
function iamLoginFindings(inputs: ConditionInputs, proxy: DbProxy): Finding[] {
  const { role_arn: role, name } = proxy;
  const { userName } = inputs.login;
  const instance = targetInstanceOf(inputs.applied, proxy);
  const trust = roleFinding(inputs, proxy);
  if (instance === undefined) return [trust];
  const needs = `the proxy ${name} may log in to ${instance.identifier} as '${userName}'`;
  return [trust, connectFinding(inputs, needs, role, connectArn(instance.arn, instance.resource_id, userName))];
}

function secretFinding({ login }: ConditionInputs, proxy: DbProxy, auth: ProxyAuth | undefined): Finding {
  const { userName, user } = login;
  const needs = `the proxy has a secret of the user '${userName}'`;
  if (auth) return { needs, found: `its auth contains ${auth.secret_arn}`, resources: [proxy] };
  const secretOfUser = user?.secretArn;
  return {
    needs,
    found: `its auth contains ${proxy.auth.map(({ secret_arn }) => secret_arn).join(', ') || 'no secret'}`,
    resources: [proxy],
    fix: secretOfUser
      ? `Add the secret ${secretOfUser} to the auth of the proxy.`
      : `'${userName}' has no secret. Log in as a user with a secret, and add that secret to the auth of the proxy if it is missing there.`,
  };
}

function credentialFinding({ login: { credential } }: ConditionInputs, proxy: DbProxy, auth: ProxyAuth): Finding {
  const accepted = auth.iam_auth === 'REQUIRED' ? 'token' : 'password';
  const fix =
    accepted === 'token'
      ? 'Log in by IAM, or set iam_auth of the proxy to DISABLED.'
      : 'Log in by password, or set iam_auth of the proxy to REQUIRED.';
  return {
    needs: `the proxy accepts a ${credential}`,
    found: `auth_scheme is ${auth.auth_scheme}, iam_auth is ${auth.iam_auth}`,
    resources: [proxy],
    ...(accepted !== credential && { fix }),
  };
}

function readFinding(
  inputs: ConditionInputs,
  { role_arn: role, name }: DbProxy,
  { secret_arn: resource }: ProxyAuth,
): Finding {
  const action = 'secretsmanager:GetSecretValue';
  return permissionFinding(inputs, `the proxy ${name} may read the secret ${resource}`, { role, action, resource });
}

const roleFinding = (inputs: ConditionInputs, { role_arn, name }: DbProxy): Finding =>
  trustFinding(inputs, `RDS may assume the role of the proxy ${name}`, role_arn, 'rds.amazonaws.com');

function targetFindings({ applied, network, target }: ConditionInputs, proxy: DbProxy): Finding[] {
  const instance = targetInstanceOf(applied, proxy);
  const needs = `the proxy ${proxy.name} has an instance as its target`;
  if (!instance?.address) {
    return [{ needs, found: 'it has none', resources: [proxy], fix: 'Register the instance as target of the proxy.' }];
  }
  const proxyAddress = network.hosts[target?.host ?? ''] ?? '';
  return [
    { needs, found: `its target is ${instance.identifier}`, resources: [instance] },
    ...network.trace(proxyAddress, instance.address).map(fromConnectionCondition),
  ];
}
