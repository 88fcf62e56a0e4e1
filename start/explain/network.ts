import { MYSQL_PORT } from '../../local/decisions';
import { fromConnectionCondition, type Finding } from './condition';
import type { ConditionInputs } from './condition-inputs';

/** Checks that the client reaches the endpoint, and that it connects to the port on which the endpoint listens. */
export function networkFindings({ network, login, from, target }: ConditionInputs): Finding[] {
  const { host, port, client, variables } = login;
  const findings = network.trace(from, target?.host ?? host).map(fromConnectionCondition);
  // A proxy for MySQL always listens on port 3306.
  const actualPort = target?.kind === 'instance' ? target.instance.port : MYSQL_PORT;
  if (target === undefined || port === actualPort) return findings;
  return [
    ...findings,
    {
      needs: `the endpoint listens on port ${port}`,
      found: `it listens on port ${actualPort}`,
      resources: [client.source],
      fix: `Set ${variables?.port ?? 'the port'} to ${actualPort}.`,
    },
  ];
}
