/** Parts of answers and requests that several routes share. */
import type { OpenAPIV3 } from 'openapi-types';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../paging';
import { object, type Schema } from '../schemas';

export const text = (description: string, example: string): Schema => ({ type: 'string', description, example });

export const next: Schema = {
  ...text('Value of `cursor` for the following page; `null` on the last page', 'Mg'),
  nullable: true,
};

const limit: OpenAPIV3.ParameterObject = {
  name: 'limit',
  in: 'query',
  description: 'Rows at most',
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  example: 10,
};

const cursor: OpenAPIV3.ParameterObject = {
  name: 'cursor',
  in: 'query',
  description: 'Continues after the last row of an earlier answer: the value of its `next`',
  schema: { type: 'string' },
};

/** Parameters of a route that answers in pages. */
export const PAGING = [limit, cursor];

const time = (description: string): Schema => ({
  ...text(description, '2026-01-31T12:00:00.000Z'),
  format: 'date-time',
});

/** The answer of a route that stores the time of each call and reads the stored times back. */
export const timestamps = (via: string): Schema =>
  object({
    via: { type: 'string', enum: [via], description: 'The proxy that the connection goes through' },
    recorded: {
      ...time('The time that this call stored; `null` with a cursor and for HEAD, which only read'),
      nullable: true,
    },
    timestamps: { type: 'array', items: time('A stored time'), description: 'Newest first' },
    next,
  });
