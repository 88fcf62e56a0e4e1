import { html } from '../../../functions/auth-matrix/html';
import { table } from '../../../functions/auth-matrix/table';
import { cellsOf } from '../../support/html-text';

interface Row {
  readonly name: string;
  readonly value?: string;
}

const rendered = table<Row>({
  labelledBy: 'heading',
  className: 'ways',
  columns: [
    { heading: 'Name', cell: ({ name }) => html`<b>${name}</b>` },
    { heading: 'a', note: 'the "first"', cell: ({ value }) => value },
  ],
  rows: [{ name: 'one', value: '<1>' }, { name: 'two' }],
  rowClass: ({ name }) => (name === 'two' ? 'deployed' : undefined),
});

describe('a table', () => {
  it('has a row for each entry, escapes texts, and leaves the cell of a missing value empty', () => {
    expect(cellsOf(rendered)).toEqual([
      ['one', '<1>'],
      ['two', ''],
    ]);
    expect(rendered.text).toContain('<b>one</b>');
    expect(rendered.text).toContain('&lt;1&gt;');
  });

  it('is named by its heading, and has the ARIA roles that keep it a table for screen readers', () => {
    expect(rendered.text).toMatch(/^<table role="table" class="ways" aria-labelledby="heading">/);
    expect(rendered.text.match(/role="(row|columnheader|rowheader|cell)"/g)).toEqual([
      ...['row', 'columnheader', 'columnheader'].map((role) => `role="${role}"`),
      ...['row', 'rowheader', 'cell', 'row', 'rowheader', 'cell'].map((role) => `role="${role}"`),
    ]);
  });

  it('labels each cell with the heading of its column, for narrow screens', () => {
    expect(rendered.text).toContain('<th role="columnheader" scope="col">a <small>the &quot;first&quot;</small></th>');
    expect(rendered.text).toContain('<td role="cell" data-label="a: the &quot;first&quot;">&lt;1&gt;</td>');
  });

  it('gives the rows their classes', () => {
    expect(rendered.text.match(/<tr role="row" class="[a-z]*">/g)).toEqual([
      '<tr role="row" class="">',
      '<tr role="row" class="deployed">',
    ]);
  });
});
