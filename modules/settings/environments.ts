import { isPrivate } from './address-space';
import { block, overlap } from './cidr';
import { reportOf, SettingsError, type Problem } from './problem';
import { reservedBy, UNRESERVED } from './rules/capacity';
import { problemIf, withValues } from './rules/rule';
import { parseSettings, type Environment, type Settings } from './settings';

/**
 * Validates each environment alone, then compares the valid ones with each other.
 *
 * @throws SettingsError with the problems of all environments.
 */
export function parseEnvironments(environments: readonly Environment[]): readonly Settings[] {
  const reports: string[] = [];
  const parsed = environments.flatMap((environment) => {
    try {
      return [parseSettings(environment)];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      reports.push(error.message);
      return [];
    }
  });
  for (const [index, settings] of parsed.entries()) {
    const problems = parsed.slice(0, index).flatMap((earlier) => clashes(earlier, settings));
    if (problems.length > 0) reports.push(reportOf(settings.name, problems));
  }
  if (reports.length > 0) throw new SettingsError(reports.join('\n'));
  return parsed;
}

/** Finds settings that two environments cannot share. */
function clashes(earlier: Settings, later: Settings): readonly Problem[] {
  const [earlierBackend, laterBackend] = [earlier.backend, later.backend];
  const [earlierDomain, laterDomain] = [earlier.edge.customDomain, later.edge.customDomain];
  const violations = [
    ...problemIf(
      earlier.name === later.name,
      'name',
      'must differ from the names of the other environments',
      'The name is part of the names of resources and of the state file. Choose another.',
    ),
    ...problemIf(
      earlierBackend.type === 'cloud' &&
        laterBackend.type === 'cloud' &&
        earlierBackend.organization.toLowerCase() === laterBackend.organization.toLowerCase() &&
        earlierBackend.workspace.toLowerCase() === laterBackend.workspace.toLowerCase(),
      'backend.workspace',
      `must differ from the workspace of environment ${earlier.name}`,
      'Names that differ only in case count as the same. A workspace holds one state: the deployment of one environment would replace the other. Give each its own workspace.',
    ),
    ...problemIf(
      earlierDomain.enabled && laterDomain.enabled && earlierDomain.domainName === laterDomain.domainName,
      'edge.customDomain.domainName',
      `must differ from the domain name of environment ${earlier.name}`,
      'A name can belong to only one distribution. Choose another.',
    ),
  ];
  return withValues(violations, later);
}

/**
 * Warns about a public VPC block, and about conflicts with earlier environments. Such a conflict matters only in some cases, for
 * example if both environments are in one account.
 */
export function warningsFor(settings: Settings, earlier: readonly Settings[]): readonly string[] {
  const warnings = [
    publicBlockWarning(settings),
    concurrencyWarning(earlier, settings),
    ...earlier.flatMap((other) => [overlapWarning(other, settings), accountRoleWarning(other, settings)]),
  ];
  return warnings.filter((warning) => warning !== undefined);
}

function publicBlockWarning({ network: { cidr } }: Settings): string | undefined {
  if (isPrivate(block(cidr))) return undefined;
  return `network.cidr ${cidr} is public address space: hosts in the VPC cannot reach the hosts on the internet that have these addresses. Unless these addresses are yours, choose a private block, such as 10.20.0.0/16.`;
}

function overlapWarning(earlier: Settings, { network: { cidr } }: Settings): string | undefined {
  if (!overlap(earlier.network.cidr, cidr)) return undefined;
  return `network.cidr ${cidr} overlaps ${earlier.network.cidr} of environment ${earlier.name}: the two VPCs can never be connected, by peering or a transit gateway. Choose another block if you may want to connect them.`;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
function accountRoleWarning(earlier: Settings, later: Settings): string | undefined {
  if (!mayShareAccount(earlier, later) || !ownsAccountRole(earlier) || !ownsAccountRole(later)) return undefined;
  return `api.accessLog.ownsAccountRole is true here and in environment ${earlier.name}: an account has one role for the logs of API Gateway in ${later.region}. If both environments are in one account, each deploy replaces the other environment’s role, and destroying one environment can end the logs of both. If they are in different accounts, set accountId in both. Otherwise set ownsAccountRole, or api.accessLog.enabled, to false in one of them.`;
}

/** Joins names with commas, and `and` before the last. */
const NAMES = new Intl.ListFormat('en-GB', { type: 'conjunction' });

function concurrencyWarning(earlier: readonly Settings[], settings: Settings): string | undefined {
  // The lowest `accountConcurrency` counts as the quota. An environment that reserves nothing may have the default, so it does not count.
  const others = earlier.filter((other) => mayShareAccount(other, settings) && reservedBy(other.functions) > 0);
  if (others.length === 0 || reservedBy(settings.functions) === 0) return undefined;
  const all = [...others, settings];
  const reserved = all.reduce((sum, { functions }) => sum + reservedBy(functions), 0);
  const names = NAMES.format(all.map(({ name }) => name));
  const quota = Math.min(...all.map(({ functions }) => functions.accountConcurrency));
  if (reserved <= quota - UNRESERVED) return undefined;
  return `the functions of the environments ${names} together reserve ${reserved} concurrent executions in ${settings.region}. With functions.accountConcurrency ${quota}, functions in one account can reserve at most ${quota - UNRESERVED}, because Lambda keeps ${UNRESERVED} unreserved. If the environments are in different accounts, set accountId in each. Otherwise lower reservedConcurrency, or raise the account’s quota and set functions.accountConcurrency to it.`;
}

/** Returns whether two environments are in one region and may be in one account. Without an `accountId`, any account is possible. */
const mayShareAccount = ({ region, accountId }: Settings, other: Settings): boolean =>
  region === other.region && (!accountId || !other.accountId || accountId === other.accountId);

const ownsAccountRole = ({ api: { accessLog } }: Settings): boolean => accessLog.enabled && accessLog.ownsAccountRole;
