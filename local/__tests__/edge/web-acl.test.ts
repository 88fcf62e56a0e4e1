import { WebAcl } from '../../edge/web-acl';
import {
  appliedOf,
  ARNS,
  changeValues,
  edge,
  inIpSet,
  rateBasedStatement,
  rule,
  type Resources,
} from '../support/http-state';

const IPV6_SET = `${ARNS.ipSet}-ipv6`;
const LAB_SET = `${ARNS.ipSet}-lab`;

/** The applied resources, with two more IP sets and these rules. */
function withRules(...list: object[]): Resources {
  const base = edge();
  const sets = [
    ...(base['aws_wafv2_ip_set'] ?? []),
    { arn: IPV6_SET, ip_address_version: 'IPV6', addresses: ['2001:db8:1::/48'] },
    { arn: LAB_SET, ip_address_version: 'IPV4', addresses: ['203.0.113.64/26'] },
  ];
  return changeValues({ ...base, aws_wafv2_ip_set: sets }, 'aws_wafv2_web_acl', { rule: list });
}

const judge = (resources: Resources, address: string) => WebAcl.read(appliedOf(resources), ARNS.webAcl).judge(address);

const inEitherSet = { or_statement: [{ statement: [inIpSet(ARNS.ipSet), inIpSet(IPV6_SET)] }] };

describe('a web ACL', () => {
  it.each([
    ['203.0.113.9', 'ALLOW', 'allowed'],
    ['2001:db8:1::9', 'ALLOW', 'allowed'],
    ['203.0.114.9', 'BLOCK', 'Default_Action'],
    ['2001:db8:2::9', 'BLOCK', 'Default_Action'],
  ])('for the address %s returns the action %s of the rule %s', (address, action, expectedRule) => {
    expect(judge(withRules(rule('allowed', 1, 'allow', inEitherSet)), address)).toMatchObject({
      action,
      rule: expectedRule,
    });
  });

  it('evaluates rules by priority, and continues after COUNT', () => {
    const resources = withRules(
      rule('allowed', 3, 'allow', inIpSet(ARNS.ipSet)),
      rule('lab', 2, 'block', inIpSet(LAB_SET)),
      rule('watch', 1, 'count', inIpSet(ARNS.ipSet)),
    );
    const counted = { counted: ['watch'], rateBased: false };
    expect(judge(resources, '203.0.113.65')).toEqual({ action: 'BLOCK', rule: 'lab', ...counted });
    expect(judge(resources, '203.0.113.9')).toEqual({ action: 'ALLOW', rule: 'allowed', ...counted });
  });

  it('allows every viewer if its default action is allow', () => {
    const open = changeValues(withRules(), 'aws_wafv2_web_acl', { default_action: [{ allow: [{}], block: [] }] });
    expect(judge(open, '192.0.2.1')).toEqual({
      action: 'ALLOW',
      rule: 'Default_Action',
      counted: [],
      rateBased: false,
    });
  });

  describe('with a rate-based rule', () => {
    const limited = (): WebAcl => {
      const rules = [rule('limit', 0, 'block', rateBasedStatement()), rule('allowed', 1, 'allow', inIpSet(ARNS.ipSet))];
      return WebAcl.read(appliedOf(withRules(...rules)), ARNS.webAcl);
    };
    const [address, otherAddress] = ['203.0.113.9', '203.0.113.10'];

    /** Evaluates `count` requests of an address at the same time. @returns the actions */
    const actionsFor = (acl: WebAcl, from: string, count: number, seconds: number): string[] =>
      Array.from({ length: count }, () => acl.judge(from, seconds * 1000).action);

    it('blocks an address beyond its limit, and no other address', () => {
      const acl = limited();
      expect(actionsFor(acl, address, 12, 0).filter((action) => action === 'BLOCK')).toHaveLength(2);
      expect(acl.judge(address, 0)).toEqual({ action: 'BLOCK', rule: 'limit', counted: [], rateBased: true });
      expect(actionsFor(acl, otherAddress, 10, 0)).not.toContain('BLOCK');
    });

    it('keeps blocking an address that stays above the limit', () => {
      const acl = limited();
      for (let seconds = 0; seconds < 120; seconds += 1) actionsFor(acl, address, 1, seconds);
      expect(actionsFor(acl, address, 1, 120)).toEqual(['BLOCK']);
    });
  });

  it.each<[what: string, resources: Resources, reason: RegExp]>([
    [
      'the scope REGIONAL',
      changeValues(edge(), 'aws_wafv2_web_acl', { scope: 'REGIONAL' }),
      /No web ACL of scope CLOUDFRONT has/,
    ],
    [
      'another ARN than the distribution’s',
      changeValues(edge(), 'aws_wafv2_web_acl', { arn: 'other' }),
      /No web ACL of scope CLOUDFRONT has/,
    ],
    [
      'a captcha action',
      withRules({ ...rule('r', 1, 'allow', inEitherSet), action: [{ captcha: [{}] }] }),
      /action captcha.*rule r is not/,
    ],
    [
      'a custom response of its default action',
      changeValues(edge(), 'aws_wafv2_web_acl', { default_action: [{ block: [{ custom_response: [{}] }] }] }),
      /default action is not served/,
    ],
  ])('with %s is rejected', (_what, resources, reason) => {
    expect(() => judge(resources, '203.0.113.9')).toThrow(reason);
  });
});
