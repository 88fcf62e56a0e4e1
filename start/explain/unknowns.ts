import type { Applied } from '../../local';
import { proxyLogsInByIam, type ConditionInputs } from './condition-inputs';
import { unknownAuthority } from './tls';
import { loginArn } from './token';

/** Lists conditions of a login that the state cannot show; only AWS can. */
export function unknowns(inputs: ConditionInputs): string[] {
  const { applied, login, target } = inputs;
  const { client, host, userName, proof, secretArn } = login;
  const proxyHasSecret = target?.kind === 'proxy' && !proxyLogsInByIam(inputs);
  return [
    ...unknownAuthority(inputs),
    ...(client.kind === 'host'
      ? ['whether the host still has the certificate authorities that its user data wrote']
      : []),
    ...(client.kind === 'person' && target
      ? [`whether the person’s IAM policies allow rds-db:connect on ${loginArn(target, userName)}`]
      : []),
    `whether ${host} is available, and what DNS answers for it`,
    ...(proof === 'token' ? ['whether a change of IAM has propagated, which takes seconds, sometimes a minute'] : []),
    ...(proof === 'token' ? ['whether the token is younger than 15 minutes when it is used'] : []),
    ...(proxyHasSecret || secretArn !== undefined
      ? ['whether the secret holds username and password, and the password is the one in the database']
      : []),
    ...(target?.kind === 'proxy'
      ? [`the health of the proxy’s target: aws rds describe-db-proxy-targets --db-proxy-name ${target.proxy.name}`]
      : []),
    'what managed policies and service control policies allow or deny, because they are not evaluated here',
    ...networkAcls(applied),
    `whether the user ${userName} was changed in the database by hand`,
  ];
}

/** A VPC without network ACLs of its own has a default one that allows everything. */
function networkAcls(applied: Applied): string[] {
  const types = ['aws_network_acl', 'aws_network_acl_rule', 'aws_default_network_acl'];
  const hasOwnAcls = types.some((type) => applied.all(type).length > 0);
  return hasOwnAcls ? ['what the network ACLs of the VPC allow, because they are not evaluated here'] : [];
}
