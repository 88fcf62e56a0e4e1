import { waysTable } from '../../../functions/auth-matrix/ways';
import { agreeingMeasurement, differingMeasurement, endToEndMeasurement } from '../../support/measurement';
import { cellsOf } from '../../support/html-text';

describe('the table of the ways to log in', () => {
  it('has a row for each way, with its outcomes over TLS and without TLS', () => {
    expect(cellsOf(waysTable(agreeingMeasurement))).toEqual([
      [
        'A password straight to the instance Row 2 below, client a.',
        'Connects 12 ms The instance accepts the password of a password user.',
        'Connects 12 ms The instance accepts the password of a password user. Not encrypted: the network can read queries and results.',
      ],
      [
        'IAM straight to the instance Row 2 below, client b.',
        'Connects 12 ms IAM database authentication is on for the instance.',
        'Refused The IAM user has REQUIRE SSL: it connects over TLS only. ER_ACCESS_DENIED_ERROR',
      ],
      [
        'A password through the password proxy It has IAM disabled and does not require TLS. Row 4 below, client c.',
        'Connects 12 ms The proxy accepts the password that is in its secret.',
        'Refused RDS Proxy accepts caching_sha2_password, the default of MySQL 8.4, over TLS only. ER_ACCESS_DENIED_ERROR',
      ],
      [
        'IAM through the password proxy It has IAM disabled and does not require TLS. Row 4 below, client d.',
        'Refused The proxy has IAM disabled; a token is refused. ER_ACCESS_DENIED_ERROR',
        'Refused The proxy has IAM disabled; a token is refused. ER_ACCESS_DENIED_ERROR',
      ],
      [
        'A password through the IAM proxy It requires IAM and TLS. Row 10 below, client c.',
        'Refused The proxy requires IAM; a password is refused. ER_ACCESS_DENIED_ERROR',
        'Refused The proxy requires IAM; a password is refused. ER_ACCESS_DENIED_ERROR',
      ],
      [
        'IAM through the IAM proxy It requires IAM and TLS. Row 10 below, client d.',
        'Connects 12 ms The proxy checks the token and logs in with the password in its secret.',
        'Refused The proxy requires TLS. ER_ACCESS_DENIED_ERROR',
      ],
    ]);
  });

  it('shows the expected outcome where the measured one differs from the settings', () => {
    const cells = cellsOf(waysTable(differingMeasurement)).flat();
    expect(cells.filter((cell) => cell.includes('Not as the settings say'))).toEqual([
      'Refused Not as the settings say. Expected: Connects The instance does not accept the token: the user, its plugin, or the permission rds-db:connect is not as deployed. The settings say: IAM database authentication is on for the instance. ER_ACCESS_DENIED_ERROR',
      'Cannot be used Not as the settings say. Expected: Connects The proxy does not answer in time. The settings say: the proxy accepts the password that is in its secret. ETIMEDOUT',
      'Connects 12 ms Not as the settings say. Expected: Refused The settings say: the proxy has IAM disabled; a token is refused.',
    ]);
  });

  it('says that a proxy logs in to the instance by IAM, if it does', () => {
    expect(cellsOf(waysTable(endToEndMeasurement)).at(-1)?.[0]).toBe(
      'IAM through the IAM proxy It requires IAM and TLS, and logs in to the instance by IAM. Row 12 below, client d.',
    );
  });

  it('has an empty cell for a login that was not tried', () => {
    const probes = agreeingMeasurement.probes.filter(({ tls, target }) => tls && target === 'instance');
    expect(cellsOf(waysTable({ ...agreeingMeasurement, probes })).map(([, , withoutTls]) => withoutTls)).toEqual([
      '',
      '',
    ]);
  });
});
