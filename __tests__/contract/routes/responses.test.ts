import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../contract/paging';
import { next, PAGING, timestamps } from '../../../contract/routes/responses';

describe('the parameters of a paged route', () => {
  it('have the limits that the functions check', () => {
    expect(PAGING).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        in: 'query',
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
      }),
    );
  });

  it('are optional', () => {
    expect(PAGING.map(({ name, required }) => [name, required])).toEqual([
      ['limit', undefined],
      ['cursor', undefined],
    ]);
  });
});

describe('the answer with stored times', () => {
  const { properties, required } = timestamps('iam-proxy');

  it('names the one proxy of its route', () => {
    expect(properties?.['via']).toMatchObject({ enum: ['iam-proxy'] });
  });

  it('always has every field; those of a read or of the last page are null', () => {
    expect(required).toEqual(['via', 'recorded', 'timestamps', 'next']);
    expect(properties?.['recorded']).toMatchObject({ format: 'date-time', nullable: true });
    expect(properties?.['next']).toBe(next);
    expect(next).toMatchObject({ type: 'string', nullable: true });
  });

  it('has times, not any text', () => {
    expect(properties?.['timestamps']).toMatchObject({ items: { type: 'string', format: 'date-time' } });
  });
});
