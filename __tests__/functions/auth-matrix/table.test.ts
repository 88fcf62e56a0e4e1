import { table } from '../../../functions/auth-matrix/table';

// Not tested in Chromium, because Playwright infers the roles from the elements if the attributes are missing.
it('a table is named by its heading, and has the ARIA roles that keep it a table for screen readers', () => {
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
