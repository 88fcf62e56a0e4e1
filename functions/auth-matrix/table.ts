import { html, type Html } from './html';

/** A column of a table. */
export interface Column<Row> {
  readonly heading: string;
  /** Small text below the heading. */
  readonly note?: string;
  readonly cell: (row: Row) => Html | string | undefined;
}

interface TableProps<Row> {
  /** Id of the heading that names the table. */
  readonly labelledBy: string;
  readonly className: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** @default - no row has a class */
  readonly rowClass?: (row: Row) => string | undefined;
}

/**
 * Renders a table whose first column names the rows. On a narrow screen CSS shows each row as a card, and labels the other cells
 * with `data-label`. In that layout screen readers recognise a table only by the ARIA roles of its elements.
 */
export function table<Row>({ labelledBy, className, columns, rows, rowClass }: TableProps<Row>): Html {
  return html`<table role="table" class="${className}" aria-labelledby="${labelledBy}">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(headingOf)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row" class="${rowClass?.(row)}">
            ${cellsOf(row, columns)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function headingOf<Row>({ heading, note }: Column<Row>): Html {
  const small = note === undefined ? undefined : html` <small>${note}</small>`;
  return html`<th role="columnheader" scope="col">${heading}${small}</th>`;
}

function cellsOf<Row>(row: Row, columns: readonly Column<Row>[]): readonly Html[] {
  return columns.map(({ heading, note, cell }, index) => {
    const label = note === undefined ? heading : `${heading}: ${note}`;
    return index === 0
      ? html`<th role="rowheader" scope="row">${cell(row)}</th>`
      : html`<td role="cell" data-label="${label}">${cell(row)}</td>`;
  });
}
