import type { RouteDeclaration } from '../route';
import { object } from '../schemas';
import { next, PAGING } from './responses';

export const items = {
  path: '/items',
  function: 'items',
  operation: {
    summary: 'Returns the rows of the table `items`, ordered by id',
    description: 'Logs in by IAM straight to the instance.',
    schema: object({
      items: {
        type: 'array',
        items: {
          type: 'object',
          description: 'A row with a field for each column of the table',
          properties: {
            id: { oneOf: [{ type: 'integer' }, { type: 'string' }], description: 'A string if the column is a BIGINT' },
          },
          required: ['id'],
          additionalProperties: true,
          example: { id: 1, name: 'notebook' },
        },
      },
      next,
    }),
    parameters: PAGING,
  },
  login: { by: 'iam', at: 'instance', inVpc: true, as: 'items', description: 'by IAM straight to RDS' },
  users: {
    items: {
      name: 'items',
      maxConnections: 20,
      purpose: '`/items`; logs in by IAM',
      login: 'iam',
      // With public access, people may log in as this user from a laptop. The output login_items has the command.
      from: 'anywhere',
      grants: [{ privileges: ['SELECT'], table: 'items' }],
    },
  },
} as const satisfies RouteDeclaration;
