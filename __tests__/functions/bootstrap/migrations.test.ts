import { MIGRATIONS } from '../../../functions/bootstrap/migrations';

describe('the migrations', () => {
  it('have ascending ids of at most 64 characters, the width of the id column', () => {
    const ids = MIGRATIONS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const id of ids) expect(id).toMatch(/^\d{4}-[a-z0-9-]{1,59}$/);
  });

  it.each(MIGRATIONS)('are one statement each, so that a failure leaves nothing half-done: $id', ({ statement }) => {
    expect(statement).not.toContain(';');
  });

  it.each(MIGRATIONS)('look for their effect only in the current database: $id', ({ effectQuery }) => {
    expect(effectQuery).toMatch(/^SELECT 1 FROM information_schema\.\w+\s+WHERE TABLE_SCHEMA = DATABASE\(\)/);
  });
});
