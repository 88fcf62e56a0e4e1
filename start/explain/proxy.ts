import { connectArn, type DbProxy, flawOf, type ProxyAuth, targetInstanceOf } from '../../local/decisions';
import { fromConnectionCondition, type Finding } from './condition';
import { permissionFinding, trustFinding } from './role';
import { iamInstanceOf, proxyLogsInByIam, type ConditionInputs } from './condition-inputs';
import { connectFinding } from './token';

/** Checks that the proxy accepts the client, and that the proxy itself reaches the database. */
export function proxyFindings(inputs: ConditionInputs): Finding[] {
  const { target, login } = inputs;
  if (target?.kind !== 'proxy') return [];
  const { proxy } = target;
  if (proxyLogsInByIam(inputs)) {
    return [canExist(proxy), takesToken(inputs, proxy), ...mayLogIn(inputs, proxy), ...reachesTarget(inputs, proxy)];
  }
  const auth = proxy.auth.find(({ secret_arn }) => secret_arn === login.user?.secretArn);
  return [
    canExist(proxy),
    hasSecret(inputs, proxy, auth),
    ...(auth ? [takesProof(inputs, proxy, auth), mayAssume(inputs, proxy), mayReadSecret(inputs, proxy, auth)] : []),
    ...reachesTarget(inputs, proxy),
  ];
}

function canExist(proxy: DbProxy): Finding {
  const needs = `RDS can create the proxy ${proxy.name}: IAM logins require TLS`;
  const flaw = flawOf(proxy);
  const found = `require_tls is ${proxy.require_tls}`;
  return { needs, found: flaw?.reason ?? found, resources: [proxy], fix: flaw?.fix };
}

function takesToken({ login: { userName, proof } }: ConditionInputs, proxy: DbProxy): Finding {
  return {
    needs: `the proxy accepts a ${proof} for ${userName}, a user without a secret`,
    found: `default_auth_scheme is ${proxy.default_auth_scheme ?? ''}, so the proxy accepts tokens and logs in by IAM`,
    resources: [proxy],
    ...(proof !== 'token' && { fix: 'Log in by IAM, or add the secret of the user to the auth of the proxy.' }),
  };
}

/** Checks the proxy's own login to its target. */
function mayLogIn(inputs: ConditionInputs, proxy: DbProxy): Finding[] {
  const { role_arn: role, name } = proxy;
  const { userName } = inputs.login;
  const instance = iamInstanceOf(inputs);
  const trust = mayAssume(inputs, proxy);
  if (instance === undefined) return [trust];
  const needs = `the proxy ${name} may log in to ${instance.identifier} as ${userName}`;
  return [trust, connectFinding(inputs, needs, role, connectArn(instance.arn, instance.resource_id, userName))];
}

function hasSecret({ login }: ConditionInputs, proxy: DbProxy, auth: ProxyAuth | undefined): Finding {
  const { userName, user } = login;
  const needs = `the proxy has a secret of the user ${userName}`;
  if (auth) return { needs, found: `its auth names ${auth.secret_arn}`, resources: [proxy] };
  const secretOfUser = user?.secretArn;
  return {
    needs,
    found: `its auth names ${proxy.auth.map(({ secret_arn }) => secret_arn).join(', ') || 'none'}`,
    resources: [proxy],
    fix: secretOfUser
      ? `Add the secret ${secretOfUser} to the auth of the proxy.`
      : `Log in as a user whose secret is in the auth of the proxy: ${userName} has none.`,
  };
}

function takesProof({ login: { proof } }: ConditionInputs, proxy: DbProxy, auth: ProxyAuth): Finding {
  const wanted = auth.iam_auth === 'REQUIRED' ? 'token' : 'password';
  const fix =
    wanted === 'token'
      ? 'Log in by IAM, or set iam_auth of the proxy to DISABLED.'
      : 'Log in by password, or set iam_auth of the proxy to REQUIRED.';
  return {
    needs: `the proxy accepts a ${proof}`,
    found: `auth_scheme is ${auth.auth_scheme}, iam_auth is ${auth.iam_auth}`,
    resources: [proxy],
    ...(wanted !== proof && { fix }),
  };
}

function mayReadSecret(
  inputs: ConditionInputs,
  { role_arn: role, name }: DbProxy,
  { secret_arn: resource }: ProxyAuth,
): Finding {
  const action = 'secretsmanager:GetSecretValue';
  return permissionFinding(inputs, `the proxy ${name} may read the secret ${resource}`, { role, action, resource });
}

const mayAssume = (inputs: ConditionInputs, { role_arn, name }: DbProxy): Finding =>
  trustFinding(inputs, `RDS may assume the role of the proxy ${name}`, role_arn, 'rds.amazonaws.com');

function reachesTarget({ applied, network, target }: ConditionInputs, proxy: DbProxy): Finding[] {
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
