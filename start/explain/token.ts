import { connectArn, resourceIdOf } from '../../local/decisions';
import type { Finding } from './condition';
import { permissionFinding } from './role';
import type { ConditionInputs, Target } from './condition-inputs';

/** Checks that the client signs tokens for the endpoint's region, and that IAM allows the client's role to log in. */
export function tokenFindings(inputs: ConditionInputs): Finding[] {
  const { login, target } = inputs;
  const { client, userName, credential } = login;
  if (credential !== 'token' || target === undefined || client.role === undefined) return [];
  const needs = `${client.name} may log in as '${userName}'`;
  return [regionFinding(inputs, target), connectFinding(inputs, needs, client.role, loginArn(target, userName))];
}

/** Checks that a role may log in as a database user. @param userArn ARN of the user that a policy must allow */
export function connectFinding(inputs: ConditionInputs, needs: string, role: string, userArn: string): Finding {
  const hint = 'The ARN contains the resource id (db-… of an instance, prx-… of a proxy), never the name.';
  const request = { role, action: 'rds-db:connect', resource: userArn };
  return permissionFinding(inputs, needs, request, (usualFix) => `${usualFix} ${hint}`);
}

/** ARN of a database user at an endpoint. */
export function loginArn(target: Target, user: string): string {
  const { arn } = target.kind === 'proxy' ? target.proxy : target.instance;
  const id = target.kind === 'proxy' ? resourceIdOf(target.proxy) : target.instance.resource_id;
  return connectArn(arn, id, user);
}

function regionFinding({ login: { client } }: ConditionInputs, target: Target): Finding {
  const resource = target.kind === 'proxy' ? target.proxy : target.instance;
  const region = resource.arn.split(':')[3] ?? '';
  const fix = `Run ${client.name} in ${region}, or sign the token for ${region}.`;
  return {
    needs: `the token is signed for the region of the endpoint, ${region}`,
    found: `${client.name} signs for ${client.region}`,
    resources: [client.source, resource],
    ...(client.region !== region && { fix }),
  };
}
