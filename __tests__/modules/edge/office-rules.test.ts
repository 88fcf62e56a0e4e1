import {
  areBlocks,
  areDistinct,
  areNoExamples,
  arePublic,
  beginAtFirstAddress,
  excludeAnAddress,
  type Family,
} from '../../../modules/edge/office-rules';
import { DOCUMENTATION, NOT_PUBLIC } from '../../../modules/settings/address-space';

const FAMILIES: readonly Family[] = [4, 6];
const RULES = { areDistinct, areNoExamples, arePublic, beginAtFirstAddress, excludeAnAddress };

// __tests__/one-machine/terraform/office-rules.test.ts evaluates the conditions with Terraform.
describe.each(FAMILIES)('a condition of an IPv%i list', (family) => {
  it.each(Object.entries(RULES))(
    'accepts an entry that is not a block, and leaves the rejection to areBlocks: %s',
    (_name, rule) => {
      expect(rule('var.list', family)).toMatch(/^try\(.*, true\)$/s);
      expect(areBlocks('var.list', family)).not.toContain('try(');
    },
  );

  it.each(Object.entries({ areBlocks, ...RULES }))(
    'refers to the list directly, because a reference through a local value would be a cycle: %s',
    (_name, rule) => {
      expect(rule('var.list', family)).toContain('var.list');
      expect(rule('var.list', family)).not.toContain('local.');
    },
  );

  it('contains all non-public ranges: arePublic and excludeAnAddress', () => {
    for (const { first, last } of NOT_PUBLIC[family]) {
      expect(arePublic('var.list', family)).toContain(`(b.first >= ${first} && b.first + b.size - 1 <= ${last})`);
      expect(excludeAnAddress('var.list', family)).toContain(`{ first = ${first}, size = ${last - first + 1n} }`);
    }
  });

  it('contains all documentation ranges: areNoExamples', () => {
    for (const { first, last } of DOCUMENTATION[family]) {
      expect(areNoExamples('var.list', family)).toContain(`(b.first >= ${first} && b.first + b.size - 1 <= ${last})`);
    }
  });
});

it('the numeric value of an IPv6 address is computed with literal powers of 2, because Terraform rounds large results of pow', () => {
  expect(arePublic('var.list', 6)).toContain(`element([${1n << 112n}, `);
});
