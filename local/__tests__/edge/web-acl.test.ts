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

const LAB_SET = `${ARNS.ipSet}-lab`;

/** Returns the resources of the edge with a second IP set, and with these values in the web ACL. */
function changeAcl(values: object): Resources {
  const lab = { arn: LAB_SET, ip_address_version: 'IPV4', addresses: ['203.0.113.64/26'] };
  const sets = [...(edge()['aws_wafv2_ip_set'] ?? []), lab];
  return changeValues({ ...edge(), aws_wafv2_ip_set: sets }, 'aws_wafv2_web_acl', values);
}

const withRules = (...list: object[]): Resources => changeAcl({ rule: list });

const judge = (resources: Resources, address: string) => WebAcl.read(appliedOf(resources), ARNS.webAcl).judge(address);

describe('a web ACL', () => {
  it.each([
    ['203.0.113.9', 'ALLOW', 'allowed'],
    ['203.0.114.9', 'BLOCK', 'Default_Action'],
  ])('returns for the address %s the action %s and the rule %s', (address, action, expectedRule) => {
    expect(judge(edge(), address)).toMatchObject({ action, rule: expectedRule });
  });

  it('evaluates rules by priority, and continues after COUNT', () => {
    const resources = withRules(
      rule('allowed', 3, 'allow', inIpSet(ARNS.ipSet)),
      rule('lab', 2, 'block', inIpSet(LAB_SET)),
      rule('watch', 1, 'count', inIpSet(ARNS.ipSet)),
    );
    const counted = { counted: ['watch'], isRateBased: false };
    expect(judge(resources, '203.0.113.65')).toEqual({ action: 'BLOCK', rule: 'lab', ...counted });
    expect(judge(resources, '203.0.113.9')).toEqual({ action: 'ALLOW', rule: 'allowed', ...counted });
  });

  it('applies the default action allow to an address that matches no rule', () => {
    const open = changeAcl({ default_action: [{ allow: [{}], block: [] }] });
    expect(judge(open, '192.0.2.1')).toMatchObject({ action: 'ALLOW', rule: 'Default_Action' });
  });

  it('blocks an address beyond the limit of a rate-based rule, and no other address', () => {
    const rules = [
      rule('limit', 0, 'block', rateBasedStatement({ limit: 10 })),
      rule('allowed', 1, 'allow', inIpSet(ARNS.ipSet)),
    ];
    const acl = WebAcl.read(appliedOf(withRules(...rules)), ARNS.webAcl);
    for (let request = 0; request < 10; request += 1) expect(acl.judge('203.0.113.9', 0).action).toBe('ALLOW');
    expect(acl.judge('203.0.113.9', 0)).toEqual({ action: 'BLOCK', rule: 'limit', counted: [], isRateBased: true });
    expect(acl.judge('203.0.113.10', 0).action).toBe('ALLOW');
  });

  const captcha = { ...rule('r', 1, 'allow', inIpSet(LAB_SET)), action: [{ captcha: [{}] }] };
  const block = [{ custom_response: [{}] }];

  it.each<[what: string, resources: Resources, reason: RegExp]>([
    ['the scope REGIONAL', changeAcl({ scope: 'REGIONAL' }), /no applied web ACL of scope CLOUDFRONT has/],
    ['another ARN than the distribution’s', changeAcl({ arn: 'other' }), /no applied web ACL of scope CLOUDFRONT has/],
    ['a captcha action', withRules(captcha), /action captcha.*rule r is not/],
    ['a custom response of its default action', changeAcl({ default_action: [{ block }] }), /default action is not/],
  ])('with %s is rejected', (_what, resources, reason) => {
    expect(() => judge(resources, '203.0.113.9')).toThrow(reason);
  });
});
