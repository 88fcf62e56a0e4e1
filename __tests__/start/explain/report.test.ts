import type { LoginCondition } from '../../../start/explain/condition';
import { report } from '../../../start/explain/report';

const holding: LoginCondition = { needs: 'a role', holds: true, found: 'reader', where: ['aws_iam_role.reader'] };
const broken = (needs: string): LoginCondition => ({
  needs,
  holds: false,
  found: 'none',
  where: [],
  fix: `Add ${needs}.`,
});

const textOf = (conditions: readonly LoginCondition[], fix?: string): string =>
  report({
    title: 'the function items logs in',
    sections: [{ title: 'Role', conditions }],
    holds: fix === undefined,
    unknown: ['its health'],
    fix,
  });

describe('the report of a login', () => {
  it('lists each condition with what was found and where', () => {
    expect(textOf([holding, { ...holding, needs: 'a rule', where: [] }])).toBe(
      [
        'The function items logs in',
        '',
        'Role',
        '  ✔ a role',
        '      reader',
        '      aws_iam_role.reader',
        '  ✔ a rule',
        '      reader',
        '',
        'All 2 conditions hold.',
        'Not checked:',
        '  - its health',
      ].join('\n'),
    );
  });

  it('counts the failed conditions, and prints the fix of the first', () => {
    const text = textOf([holding, broken('a rule'), broken('a route')], 'Add a rule.');
    expect(text).toContain('  ✘ a rule\n      none\n    Fix: Add a rule.\n  ✘ a route\n      none\n\n');
    expect(text).toContain('\n2 of 3 conditions do not hold.\n');
  });

  it('has a verb in the singular if one condition fails', () => {
    expect(textOf([holding, broken('a rule')], 'Add a rule.')).toContain('\n1 of 2 conditions does not hold.\n');
  });
});
