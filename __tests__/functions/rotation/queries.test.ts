import { dualPasswordStatements } from '../../../functions/rotation/queries';

describe('the statements of a rotation', () => {
  it('make the present password the primary one, leave no other, then retain it beside the next', () => {
    expect(dualPasswordStatements({ name: 'timestamps', host: '10.20.%' }, 'present', 'next')).toEqual([
      "ALTER USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'present'",
      "ALTER USER 'timestamps'@'10.20.%' DISCARD OLD PASSWORD",
      "ALTER USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'next' RETAIN CURRENT PASSWORD",
    ]);
  });

  it('quote whatever a name or a password holds', () => {
    const [first] = dualPasswordStatements({ name: "o'brien", host: '%' }, "it's", 'next');
    expect(first).toBe("ALTER USER 'o\\'brien'@'%' IDENTIFIED WITH caching_sha2_password BY 'it\\'s'");
  });
});
