import { MYSQL_PORT } from '../../local/decisions';
import { fromHop, type Finding } from './condition';
import type { Scene } from './scene';

/** Port of the endpoint. */
const portOf = ({ target }: Scene): number => (target?.kind === 'instance' ? target.instance.port : MYSQL_PORT);

/** Checks that the client reaches the endpoint. */
export function networkFindings(scene: Scene): Finding[] {
  const { network, login, from, target } = scene;
  const { host, port, client } = login;
  return [
    ...network.trace(from, target?.host ?? host).map(fromHop),
    ...(target && port !== portOf(scene)
      ? [
          {
            needs: `the endpoint listens at port ${port}`,
            found: `it listens at ${portOf(scene)}`,
            resources: [client.source],
            fix: `Set DB_PORT to ${portOf(scene)}.`,
          },
        ]
      : []),
  ];
}
