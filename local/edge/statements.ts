import type { Applied } from '../applied';
import { isIn } from '../network/internet';
import { NotServed } from '../not-served';

/** Whether a rule's statement matches a viewer, by its public address. */
export type Matches = (address: string) => boolean;

/** Each kind of statement is a list: empty where the statement is not of that kind. */
export type Statement = Readonly<Record<string, readonly StatementBody[] | undefined>>;

interface StatementBody {
  readonly statement?: readonly Statement[];
  readonly arn?: string;
  readonly ip_set_forwarded_ip_config?: readonly unknown[];
}

interface IpSet {
  readonly arn: string;
  readonly addresses: readonly string[] | null;
}

/**
 * Reads a statement of a web ACL's rule.
 *
 * @throws NotServed where it looks at anything but the viewer's address.
 * @throws Error where it names an IP set that is not applied.
 */
export function readStatement(applied: Applied, statement: Statement): Matches {
  const [[kind, [body = {}]] = ['none', []]] = Object.entries(statement)
    .map(([name, bodies]) => [name, bodies ?? []] as const)
    .filter(([, bodies]) => bodies.length > 0);
  const inner = (body.statement ?? []).map((nested) => readStatement(applied, nested));
  switch (kind) {
    case 'ip_set_reference_statement':
      return readIpSet(applied, body);
    case 'and_statement':
      return (address) => inner.every((matches) => matches(address));
    case 'or_statement':
      return (address) => inner.some((matches) => matches(address));
    case 'not_statement':
      return (address) => !inner.some((matches) => matches(address));
    default:
      throw new NotServed(`The statement ${kind} of a web ACL`, 'ip_set_reference_statement, and, or and not');
  }
}

function readIpSet(applied: Applied, { arn = '', ip_set_forwarded_ip_config = [] }: StatementBody): Matches {
  // SECURITY: a viewer writes headers as it likes, so an address is never taken from one.
  if (ip_set_forwarded_ip_config.length > 0) {
    throw new NotServed('ip_set_forwarded_ip_config', "the viewer's own address");
  }
  const set = applied.find<IpSet>('aws_wafv2_ip_set', (candidate) => candidate.arn === arn);
  if (set === undefined) throw new Error(`The web ACL names the IP set ${arn}, which is not applied. Apply it.`);
  const addresses = set.addresses ?? [];
  return (address) => addresses.some((block) => isIn(address, block));
}
