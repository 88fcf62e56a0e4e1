import { html, type Html } from './html';

/** A column of a table. */
export interface Column<Row> {
  readonly heading: string;
  /** Under the heading, smaller. */
  readonly note?: string;
  /** What stands in a row. @default - the cell is empty */
  readonly cell: (row: Row) => Html | string | undefined;
}

/**
 * A table whose first column names its rows. On a narrow screen each row becomes a card, whose cells are labelled by
 * `data-label`; the roles keep it a table there for those who do not see it.
 */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<table role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(headingOf)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map((row) => rowOf(row, columns))}
    </tbody>
  </table>`;
}

function headingOf<Row>({ heading, note }: Column<Row>): Html {
  const small = note === undefined ? undefined : html` <small>${note}</small>`;
  return html`<th role="columnheader" scope="col">${heading}${small}</th>`;
}

function rowOf<Row>(row: Row, columns: readonly Column<Row>[]): Html {
  const cells = columns.map(({ heading, note, cell }, index) => {
    const label = note === undefined ? heading : `${heading}: ${note}`;
    return index === 0
      ? html`<th role="rowheader" scope="row" data-label="${label}">${cell(row)}</th>`
      : html`<td role="cell" data-label="${label}">${cell(row)}</td>`;
  });
  return html`<tr role="row">
    ${cells}
  </tr> `;
}
