/** Parts of responses and requests that several routes share. */
import type { OpenAPIV3 } from 'openapi-types';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../paging';
import { object, type Schema } from '../schemas';

export const text = (description: string, example: string): Schema => ({ type: 'string', description, example });

export const next: Schema = {
  ...text('The `cursor` of the next page; `null` on the last page', 'Mg'),
  nullable: true,
};

const limit: OpenAPIV3.ParameterObject = {
  name: 'limit',
  in: 'query',
  description: 'Maximum number of rows',
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  example: 10,
};

const cursor: OpenAPIV3.ParameterObject = {
  name: 'cursor',
  in: 'query',
  description: 'The `next` of an earlier answer, to continue after its last row',
  schema: { type: 'string' },
};

/** Parameters of a paged route. */
export const PAGING = [limit, cursor];

const time = (description: string): Schema => ({
  ...text(description, '2026-01-31T12:00:00.000Z'),
  format: 'date-time',
});

/** Describes the response of a route that stores the time of a call and returns the stored times. */
export const timestamps = (via: string): Schema =>
  object({
    via: { type: 'string', enum: [via], description: 'The proxy of the connection' },
    recorded: {
      ...time('The time that this call stored; `null` for a call with a cursor, which stores nothing'),
      nullable: true,
    },
    timestamps: { type: 'array', items: time('A stored time'), description: 'Newest first' },
    next,
  });
