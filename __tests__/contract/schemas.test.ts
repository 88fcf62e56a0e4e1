import { object } from '../../contract/schemas';

const NAME = { type: 'string' } as const;

describe('the schema of an object', () => {
  it('requires its fields and allows no others', () => {
    expect(object({ name: NAME, id: NAME })).toEqual({
      type: 'object',
      properties: { name: NAME, id: NAME },
      required: ['name', 'id'],
      additionalProperties: false,
    });
  });

  it('does not require optional fields', () => {
    expect(object({ name: NAME, id: NAME }, { optional: ['id'] }).required).toEqual(['name']);
  });
});
