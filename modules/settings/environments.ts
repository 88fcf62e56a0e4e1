import { isPrivate } from './address-space';
import { block, overlap } from './cidr';
import { SettingsError, type Problem } from './problem';
import { reservedBy, UNRESERVED } from './rules/capacity';
import { problemIf, withValues } from './rules/rule';
import { parseSettings, type Environment, type Settings } from './settings';

/** A setting that is valid but probably a mistake. */
export interface Warning {
  readonly environment: string;
  readonly message: string;
}

/**
 * Validates each environment, alone and together with the others.
 *
 * @throws SettingsError, or AggregateError of several, with all problems.
 */
export function parseEnvironments(environments: readonly Environment[]): readonly Settings[] {
  const errors: SettingsError[] = [];
  const parsed = environments.flatMap((environment) => {
    try {
      return [parseSettings(environment)];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      errors.push(error);
      return [];
    }
  });
  for (const [index, settings] of parsed.entries()) {
    const problems = parsed.slice(0, index).flatMap((earlier) => clashes(earlier, settings));
    if (problems.length > 0) errors.push(new SettingsError(settings.name, problems));
  }
  const [first, ...more] = errors;
  if (first)
    throw more.length > 0 ? new AggregateError(errors, errors.map(({ message }) => message).join('\n')) : first;
  return parsed;
}

/** Finds resources that two environments cannot both have. */
function clashes(earlier: Settings, later: Settings): readonly Problem[] {
  const [a, b] = [earlier.backend, later.backend];
  const [ours, theirs] = [later.edge.customDomain, earlier.edge.customDomain];
  const violations = [
    ...problemIf(
      earlier.name === later.name,
      'name',
      'must differ from the names of the other environments',
      'It is part of the names of resources and of the state file. Choose another.',
    ),
    ...problemIf(
      a.type === 'cloud' &&
        b.type === 'cloud' &&
        a.organization.toLowerCase() === b.organization.toLowerCase() &&
        a.workspace.toLowerCase() === b.workspace.toLowerCase(),
      'backend.workspace',
      `must differ from that of environment ${earlier.name}`,
      'A workspace holds one state: the deployment of one environment would replace the other. Give each its own workspace.',
    ),
    ...problemIf(
      ours.enabled && theirs.enabled && ours.domainName === theirs.domainName,
      'edge.customDomain.domainName',
      `must differ from that of environment ${earlier.name}`,
      'A name can belong to only one distribution. Choose another.',
    ),
  ];
  return withValues(violations, later);
}

/** Finds public VPC blocks, and conflicts between environments that matter only in some cases, such as in the same account. */
export function warningsOf(environments: readonly Settings[]): readonly Warning[] {
  return environments.flatMap((settings, index) => [
    ...publicSpace(settings),
    ...tooManyReserved(environments.slice(0, index), settings),
    ...environments
      .slice(0, index)
      .flatMap((earlier) => [...overlapping(earlier, settings), ...twoOwners(earlier, settings)]),
  ]);
}

function publicSpace({ name, network: { cidr } }: Settings): Warning[] {
  if (isPrivate(block(cidr))) return [];
  const message = `network.cidr ${cidr} is public address space: hosts in the VPC cannot reach the hosts on the internet that have these addresses. Unless these addresses are yours, choose a private block, as in 10.20.0.0/16.`;
  return [{ environment: name, message }];
}

function overlapping(earlier: Settings, { name, network: { cidr } }: Settings): Warning[] {
  if (!overlap(earlier.network.cidr, cidr)) return [];
  const message = `network.cidr ${cidr} overlaps ${earlier.network.cidr} of environment ${earlier.name}: the two VPCs can never be connected, by peering or a transit gateway. Choose another block if you may want to connect them.`;
  return [{ environment: name, message }];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
function twoOwners(earlier: Settings, later: Settings): Warning[] {
  const { name, region } = later;
  if (region !== earlier.region || !ownsAccountRole(earlier) || !ownsAccountRole(later)) return [];
  if (inDifferentAccounts(earlier, later)) return [];
  const message = `api.accessLog.ownsAccountRole is true here and in environment ${earlier.name}: an account has one role for the logs of API Gateway in ${region}, so in one account each deploy replaces the other’s role, and destroying one ends the logs of both. If the environments are in different accounts, set accountId in both. Otherwise set ownsAccountRole, or api.accessLog.enabled, to false in one of them.`;
  return [{ environment: name, message }];
}

/** Environments that reserve nothing are left out: their accountConcurrency may be the default instead of the account's quota. */
function tooManyReserved(earlier: readonly Settings[], settings: Settings): Warning[] {
  const { name, region } = settings;
  const others = earlier.filter(
    (other) => other.region === region && !inDifferentAccounts(other, settings) && reservedBy(other.functions) > 0,
  );
  if (others.length === 0 || reservedBy(settings.functions) === 0) return [];
  const all = [...others, settings];
  const reserved = all.reduce((sum, one) => sum + reservedBy(one.functions), 0);
  const quota = Math.min(...all.map(({ functions }) => functions.accountConcurrency));
  if (reserved <= quota - UNRESERVED) return [];
  const message = `its functions and those of ${others.map((other) => other.name).join(', ')} reserve ${reserved} in ${region}: Lambda keeps ${UNRESERVED} of functions.accountConcurrency ${quota} unreserved, so in one account it refuses more than ${quota - UNRESERVED}. Unless accountId puts the environments into different accounts, lower reservedConcurrency or raise the account’s quota.`;
  return [{ environment: name, message }];
}

/** True only if both environments set `accountId`: without it, the account is unknown. */
const inDifferentAccounts = (earlier: Settings, later: Settings): boolean =>
  earlier.accountId !== undefined && later.accountId !== undefined && earlier.accountId !== later.accountId;

const ownsAccountRole = ({ api: { accessLog } }: Settings): boolean => accessLog.enabled && accessLog.ownsAccountRole;
