import type { Applied } from '../../local';
import { Network, Permissions } from '../../local/decisions';
import { loginsOf, type DeployedLogin } from './deployed-logins';
import { toCondition, type LoginCondition, type Finding } from './condition';
import { databaseFindings } from './database';
import { networkFindings } from './network';
import { proxyFindings } from './proxy';
import { roleFindings } from './role';
import { targetAt, type ConditionInputs, type ZipOf } from './condition-inputs';
import { secretFindings } from './secret';
import { tlsFindings } from './tls';
import { tokenFindings } from './token';
import { unknowns } from './unknowns';

/** A group of conditions with a title. */
export interface Section {
  readonly title: string;
  readonly conditions: readonly LoginCondition[];
}

/** One login with all its conditions. */
export interface Explanation {
  readonly title: string;
  readonly holds: boolean;
  readonly sections: readonly Section[];
  /** What to change first. Absent if every condition holds. */
  readonly fix?: string | undefined;
  /** Conditions that were not checked, most of them because the state cannot show them. */
  readonly unknown: readonly string[];
}

/** All sections, in the order of the steps of a login. */
const SECTIONS: readonly (readonly [title: string, findings: (inputs: ConditionInputs) => Finding[]])[] = [
  ['Role', roleFindings],
  ['Secret', secretFindings],
  ['Network', networkFindings],
  ['TLS', tlsFindings],
  ['Token', tokenFindings],
  ['Proxy', proxyFindings],
  ['Database', databaseFindings],
];

/**
 * Explains, from the applied state, every login of a function or a database user. Evaluates network, IAM and proxies with the code
 * that also decides about real connections in the deployment on one machine.
 *
 * @param name name of a function, without the environment's prefix, or of a database user
 * @throws Error with all valid names if the deployment has no such function or user
 */
export function explain(applied: Applied, name: string, zipOf: ZipOf): Explanation[] {
  const all = loginsOf(applied);
  const byFunction = all.filter(({ client }) => client.functionName === name);
  const chosen = byFunction.length > 0 ? byFunction : all.filter(({ userName }) => userName === name);
  if (chosen.length > 0) return chosen.map((login) => explainLogin(applied, login, zipOf));
  const { functions, users } = names(applied);
  throw new Error(
    `There is no function or database user named ${name} with a login to explain. Functions: ${functions.join(', ') || 'none'}. ` +
      `Database users: ${users.join(', ') || 'none'}.`,
  );
}

/** Lists the names that {@link explain} accepts. */
export function names(applied: Applied): { readonly functions: readonly string[]; readonly users: readonly string[] } {
  const logins = loginsOf(applied);
  const functions = logins.flatMap(({ client }) => client.functionName ?? []);
  const users = logins.map(({ userName }) => userName);
  return { functions: [...new Set(functions)], users: [...new Set(users)] };
}

function explainLogin(applied: Applied, login: DeployedLogin, zipOf: ZipOf): Explanation {
  const { client, host, port, userName, credential } = login;
  const network = new Network();
  network.update(applied);
  const permissions = Permissions.of(applied);
  const from = loopbackOf(network, login);
  const target = targetAt(applied, host);
  const inputs: ConditionInputs = { applied, network, permissions, login, from, target, zipOf };
  const sections = SECTIONS.map(([title, findings]) => ({
    title,
    conditions: findings(inputs).map((finding) => toCondition(applied, finding)),
  })).filter(({ conditions }) => conditions.length > 0);
  const firstUnmet = sections.flatMap(({ conditions }) => conditions).find(({ holds }) => !holds);
  return {
    title: `${client.name} logs in to ${host}:${port} as '${userName}', by ${credential === 'token' ? 'IAM' : 'password'}`,
    holds: firstUnmet === undefined,
    sections,
    fix: firstUnmet?.fix,
    unknown: unknowns(inputs),
  };
}

/** Loopback address of the client. */
function loopbackOf(network: Network, { client }: DeployedLogin): string {
  if (client.kind === 'function') return network.attach(client.vpc, client.name).address;
  // A person connects from 127.0.0.1, which stands for a computer in the first office of the allowlist.
  return client.kind === 'host' ? network.ec2Instance : '127.0.0.1';
}
