import type { Applied } from '../applied';
import { Unsupported } from '../unsupported';
import type { HttpResponse } from '../http/headers';
import { readRuleStatement, usedKind, type Matches, type RuleStatement } from './statements';

type Action = 'ALLOW' | 'BLOCK' | 'COUNT';

/** The action of the web ACL, and the rule that decided it. */
export interface WebAclVerdict {
  readonly action: 'ALLOW' | 'BLOCK';
  /** Name of the rule that decided, or `Default_Action`. */
  readonly rule: string;
  /** Names of matching rules with the action COUNT. */
  readonly counted: readonly string[];
  /** Whether the deciding rule is rate-based. */
  readonly isRateBased: boolean;
  /** Custom response of a blocking rule. @default - CloudFront's own page, 403 */
  readonly response?: HttpResponse;
}

interface Rule {
  readonly name: string;
  readonly action: Action;
  readonly matches: Matches;
  readonly isRateBased: boolean;
  readonly response: HttpResponse | undefined;
}

interface ResponseValues {
  readonly response_code: number;
  readonly custom_response_body_key: string | null;
  readonly response_header: readonly { readonly name: string; readonly value: string }[];
}

interface ResponseBodyValues {
  readonly key: string;
  readonly content: string;
  readonly content_type: string;
}

interface CustomisableAction {
  readonly custom_response?: readonly ResponseValues[];
  readonly custom_request_handling?: readonly unknown[];
}

type ActionValues = Readonly<Record<string, readonly CustomisableAction[] | undefined>>;

interface RuleValues {
  readonly name: string;
  readonly priority: number;
  readonly action: readonly ActionValues[];
  readonly statement: readonly RuleStatement[];
}

interface WebAclValues {
  readonly arn: string;
  readonly scope: string;
  readonly default_action: readonly ActionValues[];
  readonly custom_response_body: readonly ResponseBodyValues[];
  readonly rule: readonly RuleValues[];
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
};

const ACTIONS: Readonly<Record<string, Action>> = { allow: 'ALLOW', block: 'BLOCK', count: 'COUNT' };

export class WebAcl {
  private constructor(
    readonly arn: string,
    private readonly rules: readonly Rule[],
    private readonly defaultAction: Action,
  ) {}

  /**
   * Reads the web ACL with this ARN from the applied resources.
   *
   * @throws Error if there is no such web ACL for CloudFront.
   * @throws Unsupported if a kind of rule or action is not supported.
   */
  static read(applied: Applied, arn: string): WebAcl {
    const acl = applied.find<WebAclValues>('aws_wafv2_web_acl', (candidate) => candidate.arn === arn);
    if (acl?.scope !== 'CLOUDFRONT') {
      throw new Error(
        `The web_acl_id of the distribution is ${arn}, but no applied web ACL of scope CLOUDFRONT has this ARN. Set web_acl_id to the ARN of an applied web ACL of this scope.`,
      );
    }
    const rules = [...acl.rule]
      .sort((a, b) => a.priority - b.priority)
      .map(({ name, action: [action = {}], statement: [statement = {}] }) => ({
        name,
        action: readAction(action, `rule ${name}`),
        matches: readRuleStatement(applied, statement),
        isRateBased: (statement['rate_based_statement'] ?? []).length > 0,
        response: readResponse(action, acl.custom_response_body),
      }));
    const [defaultAction = {}] = acl.default_action;
    if (defaultAction['block']?.[0]?.custom_response?.length) {
      throw new Unsupported('A custom_response of the default action', "CloudFront's page, 403");
    }
    return new WebAcl(arn, rules, readAction(defaultAction, 'default action'));
  }

  /** Evaluates the rules in order of priority. @param address the viewer's public address. @param now milliseconds */
  judge(address: string, now = Date.now()): WebAclVerdict {
    const counted: string[] = [];
    for (const { name, action, matches, isRateBased, response } of this.rules) {
      if (!matches(address, now)) continue;
      if (action !== 'COUNT') return { action, rule: name, counted, isRateBased, ...(response && { response }) };
      counted.push(name);
    }
    return {
      action: this.defaultAction === 'ALLOW' ? 'ALLOW' : 'BLOCK',
      rule: 'Default_Action',
      counted,
      isRateBased: false,
    };
  }
}

function readAction(values: ActionValues, owner: string): Action {
  const { kind, body } = usedKind(values);
  const action = ACTIONS[kind];
  if (action !== undefined && (body?.custom_request_handling ?? []).length === 0) return action;
  throw new Unsupported(
    `The action ${kind} of the web ACL's ${owner}`,
    'allow, block and count, without inserted headers',
  );
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html */
function readResponse(action: ActionValues, bodies: readonly ResponseBodyValues[]): HttpResponse | undefined {
  const custom = action['block']?.[0]?.custom_response?.[0];
  if (custom === undefined) return undefined;
  const body = bodies.find(({ key }) => key === custom.custom_response_body_key);
  return {
    status: custom.response_code,
    headers: [
      ...custom.response_header.map(({ name, value }) => [name, value] as const),
      ...(body ? [['content-type', CONTENT_TYPES[body.content_type] ?? body.content_type] as const] : []),
    ],
    body: Buffer.from(body?.content ?? ''),
  };
}
