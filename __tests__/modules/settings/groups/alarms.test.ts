import { problemsOf, requiredSettings } from '../../../support/settings';

const problemsWith = (email: string): string[] => problemsOf({ ...requiredSettings, alarms: { enabled: true, email } });

describe('the e-mail address for alarms', () => {
  it.each(['Ann <ann@acme.org>', 'ann@acme', 'ann@acme..org', 'a@b.org,c@d.org', `${'a'.repeat(65)}@acme.org`])(
    'is rejected: %s',
    (email) => {
      expect(problemsWith(email)).toEqual([
        `alarms.email must be one e-mail address, got "${email}": SNS asks this address to confirm the subscription. Write it without a name, as in platform@example.com.`,
      ]);
    },
  );

  it.each(["o'hara+alarms@mail.acme.org", `${'a'.repeat(64)}@acme.org`])('is accepted: %s', (email) => {
    expect(problemsWith(email)).toEqual([]);
  });

  it('may be omitted', () => {
    expect(problemsOf({ ...requiredSettings, alarms: { enabled: true } })).toEqual([]);
  });
});
