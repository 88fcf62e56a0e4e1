import { table } from '../../../functions/auth-matrix/table';

// On a narrow screen CSS shows rows as cards. A screen reader then recognises the table only by its ARIA roles. Playwright would not
// notice a missing role, because it infers roles from the elements.
it('a table is named by its heading, and each of its elements has an ARIA role', () => {
  const { text } = table({
    labelledBy: 'heading',
    className: 'ways',
    columns: [
      { heading: 'Name', cell: (name: string) => name },
      { heading: 'Way', cell: () => undefined },
    ],
    rows: ['one'],
  });
  expect(text).toMatch(/^<table role="table" class="ways" aria-labelledby="heading">/);
  expect([...text.matchAll(/<(\w+) role="(\w+)"/g)].map(([, element, role]) => `${element} ${role}`)).toEqual([
    ...['table table', 'thead rowgroup', 'tr row', 'th columnheader', 'th columnheader'],
    ...['tbody rowgroup', 'tr row', 'th rowheader', 'td cell'],
  ]);
});
