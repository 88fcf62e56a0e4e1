import { KNOWN_MATRIX } from '../../../contract/known-matrix';
import { knownSection } from '../../../functions/auth-matrix/known';
import { agreeingMeasurement } from '../../support/measurement';
import { cellsOf, visibleText } from '../../support/html-text';

/** The cells of each row, in order of the row numbers. */
const rows = cellsOf(knownSection(agreeingMeasurement));

describe('the table “Outcomes with other settings”', () => {
  it('has every row and marks those of the deployment', () => {
    expect(rows.map(([row]) => row)).toEqual(
      KNOWN_MATRIX.map(({ row }) => `${row}${[2, 4, 10].includes(row) ? ' this deployment' : ''}`),
    );
    expect(knownSection(agreeingMeasurement).text.match(/<tr role="row" class="deployed">/g)).toHaveLength(3);
  });

  it('shows the settings and the outcomes of a row', () => {
    expect([rows[3], rows[6]]).toEqual([
      ['4 this deployment', 'IAM disabled, TLS optional', 'on', 'Connects', 'Connects', 'Connects', 'Refused'],
      ['7', 'IAM required, TLS optional', 'off', 'Connects', 'Refused', 'Cannot be used', 'Cannot be used'],
    ]);
  });

  it('leaves the outcomes through the proxy empty in a row without a proxy', () => {
    expect(rows[0]).toEqual(['1', 'none', 'off', 'Connects', 'Refused', '', '']);
  });

  it('says which proxies log in to the instance by IAM', () => {
    const rowsWithProxyByIam = rows.flatMap(([row, proxy]) =>
      proxy?.includes('logs in to the instance by IAM') ? [row] : [],
    );
    expect(rowsWithProxyByIam).toEqual(['11', '12']);
  });

  it('says which row applies to the instance and to each proxy', () => {
    expect(visibleText(knownSection(agreeingMeasurement).text)).toContain(
      'In this deployment row 2 applies to the instance, row 4 to the password proxy and row 10 to the IAM proxy.',
    );
  });
});
