import { itAccepts, problemsWith } from '../../../support/settings';

const withEmail = (email: string): object => ({ alarms: { enabled: true, email } });

it.each(['Ann <ann@acme.org>', 'ann@acme', 'ann@acme..org', 'a@b.org,c@d.org', `${'a'.repeat(65)}@acme.org`])(
  'an invalid e-mail address for alarms is rejected: %s',
  (email) => {
    expect(problemsWith(withEmail(email))).toEqual([
      `alarms.email must be one e-mail address, got "${email}": SNS asks this address to confirm the subscription. Write only the address, as in platform@example.com.`,
    ]);
  },
);

itAccepts('settings for alarms are accepted: %j', [
  withEmail("o'hara+alarms@mail.acme.org"),
  withEmail(`${'a'.repeat(64)}@acme.org`),
  { alarms: { enabled: true } },
]);
