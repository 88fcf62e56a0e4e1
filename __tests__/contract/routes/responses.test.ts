import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../contract/paging';
import { next, PAGING, timestamps } from '../../../contract/routes/responses';

describe('the parameters of a paged route', () => {
  it('include limit, with the range and the default that the functions use', () => {
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

describe('the response with stored times', () => {
  const { properties, required } = timestamps('iam-proxy');

  it('allows only the proxy of its route as the value of via', () => {
    expect(properties?.['via']).toMatchObject({ enum: ['iam-proxy'] });
  });

  it('always has every field; recorded and next may be null', () => {
    expect(required).toEqual(['via', 'recorded', 'timestamps', 'next']);
    expect(properties?.['recorded']).toMatchObject({ format: 'date-time', nullable: true });
    expect(properties?.['next']).toBe(next);
    expect(next).toMatchObject({ type: 'string', nullable: true });
  });

  it('has only date-times in timestamps', () => {
    expect(properties?.['timestamps']).toMatchObject({ items: { type: 'string', format: 'date-time' } });
  });
});
