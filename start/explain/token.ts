import { connectArn, resourceIdOf } from '../../local/decisions';
import type { Finding } from './condition';
import { permissionFinding } from './role';
import type { ConditionInputs, Target } from './condition-inputs';

/** Sentence to append to a fix that names an ARN of rds-db. */
export const RESOURCE_ID_HINT =
  ' The id in it is the resource id, db-… of an instance or prx-… of a proxy, never its name.';

/** Checks that the client signs for the endpoint's region, and that IAM allows the client's role to log in. */
export function tokenFindings(inputs: ConditionInputs): Finding[] {
  const { login, target } = inputs;
  const { client, userName, proof } = login;
  if (proof !== 'token' || target === undefined || client.role === undefined) return [];
  const needs = `${client.name} may log in as ${userName}`;
  const resource = loginArn(target, userName);
  return [
    sameRegion(inputs, target),
    permissionFinding(
      inputs,
      needs,
      { role: client.role, action: 'rds-db:connect', resource },
      (usual) => usual + RESOURCE_ID_HINT,
    ),
  ];
}

/** ARN of the database user, which a policy must name. */
export function loginArn(target: Target, user: string): string {
  const { arn } = target.kind === 'proxy' ? target.proxy : target.instance;
  const id = target.kind === 'proxy' ? resourceIdOf(target.proxy) : target.instance.resource_id;
  return connectArn(arn, id, user);
}

function sameRegion({ login: { client } }: ConditionInputs, target: Target): Finding {
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
