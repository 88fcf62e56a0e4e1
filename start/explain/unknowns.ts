import type { Applied } from '../../local';
import { proxyLogsInByIam, type ConditionInputs } from './condition-inputs';
import { unknownAuthority } from './tls';
import { loginArn } from './token';

/** Lists conditions of a login that are not checked, mostly because only AWS can show whether they hold. */
export function unknowns(inputs: ConditionInputs): string[] {
  const { applied, login, target } = inputs;
  const { client, host, userName, secretArn } = login;
  const isToken = login.credential === 'token';
  const proxyNeedsSecret = target?.kind === 'proxy' && !proxyLogsInByIam(inputs);
  const lines = [
    ...unknownAuthority(inputs),
    client.kind === 'host' && 'whether the host still has the certificate authorities that its user data wrote',
    client.kind === 'person' &&
      target !== undefined &&
      `whether the person’s IAM policies allow rds-db:connect on ${loginArn(target, userName)}`,
    `whether ${host} is available, and what DNS answers for it`,
    isToken && 'whether a change of IAM has propagated, which takes seconds, sometimes a minute',
    isToken && 'whether the token is younger than 15 minutes when it is used',
    (proxyNeedsSecret || secretArn !== undefined) &&
      'whether the secret holds username and password, and the password is the one in the database',
    target?.kind === 'proxy' &&
      `the health of the proxy’s target: aws rds describe-db-proxy-targets --db-proxy-name ${target.proxy.name}`,
    'what managed policies and service control policies allow or deny, because they are not evaluated here',
    hasNetworkAcls(applied) && 'what the network ACLs of the VPC allow, because they are not evaluated here',
    `whether the user '${userName}' was changed in the database by hand`,
  ];
  return lines.filter((line) => line !== false);
}

/** Without these resources a VPC has only its default network ACL, which allows everything. */
const hasNetworkAcls = (applied: Applied): boolean =>
  ['aws_network_acl', 'aws_network_acl_rule', 'aws_default_network_acl'].some((type) => applied.all(type).length > 0);
