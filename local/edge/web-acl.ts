import type { Applied } from '../applied';
import { NotServed } from '../not-served';
import { readStatement, type Matches, type Statement } from './statements';

export type Action = 'ALLOW' | 'BLOCK' | 'COUNT';

/** What the web ACL decided, and by which rule. */
export interface Verdict {
  readonly action: 'ALLOW' | 'BLOCK';
  /** Name of the rule that decided, or `Default_Action`. */
  readonly rule: string;
  /** Names of rules that matched before, and only count. */
  readonly counted: readonly string[];
}

interface Rule {
  readonly name: string;
  readonly action: Action;
  readonly matches: Matches;
}

interface CustomisableAction {
  readonly custom_response?: readonly unknown[];
  readonly custom_request_handling?: readonly unknown[];
}

type ActionValues = Readonly<Record<string, readonly CustomisableAction[] | undefined>>;

interface RuleValues {
  readonly name: string;
  readonly priority: number;
  readonly action: readonly ActionValues[];
  readonly statement: readonly Statement[];
}

interface WebAclValues {
  readonly arn: string;
  readonly scope: string;
  readonly default_action: readonly ActionValues[];
  readonly rule: readonly RuleValues[];
}

const ACTIONS: Readonly<Record<string, Action>> = { allow: 'ALLOW', block: 'BLOCK', count: 'COUNT' };

/** This machine has 16 million loopback addresses to call from. */
const REMEMBERED_VERDICTS = 10_000;

/** A web ACL, which judges viewers by their address. */
export class WebAcl {
  private readonly verdicts = new Map<string, Verdict>();

  private constructor(
    readonly arn: string,
    private readonly rules: readonly Rule[],
    private readonly byDefault: Action,
  ) {}

  /**
   * @throws Error where there is no such ACL for CloudFront.
   * @throws NotServed where a rule or an action is of a kind that is not served.
   */
  static read(applied: Applied, arn: string): WebAcl {
    const acl = applied.find<WebAclValues>('aws_wafv2_web_acl', (candidate) => candidate.arn === arn);
    if (acl?.scope !== 'CLOUDFRONT') {
      throw new Error(`The distribution names the web ACL ${arn}, and none of scope CLOUDFRONT has it. Apply one.`);
    }
    const rules = [...acl.rule]
      .sort((a, b) => a.priority - b.priority)
      .map(({ name, action: [action = {}], statement: [statement = {}] }) => ({
        name,
        action: readAction(action, `rule ${name}`),
        matches: readStatement(applied, statement),
      }));
    return new WebAcl(arn, rules, readAction(acl.default_action[0] ?? {}, 'default action'));
  }

  /** @param address the viewer's public address */
  judge(address: string): Verdict {
    const verdict = this.verdicts.get(address) ?? this.evaluate(address);
    if (this.verdicts.size >= REMEMBERED_VERDICTS) this.verdicts.clear();
    this.verdicts.set(address, verdict);
    return verdict;
  }

  private evaluate(address: string): Verdict {
    const counted: string[] = [];
    for (const { name, action, matches } of this.rules) {
      if (!matches(address)) continue;
      if (action !== 'COUNT') return { action, rule: name, counted };
      counted.push(name);
    }
    return { action: this.byDefault === 'ALLOW' ? 'ALLOW' : 'BLOCK', rule: 'Default_Action', counted };
  }
}

function readAction(values: ActionValues, owner: string): Action {
  const [[kind, [body = {}]] = ['none', []]] = Object.entries(values)
    .map(([name, bodies]) => [name, bodies ?? []] as const)
    .filter(([, bodies]) => bodies.length > 0);
  const action = ACTIONS[kind];
  const custom = [...(body.custom_response ?? []), ...(body.custom_request_handling ?? [])];
  if (action !== undefined && custom.length === 0) return action;
  throw new NotServed(
    `The action ${kind} of the web ACL's ${owner}`,
    'allow, block and count, none of them customised',
  );
}
