import type { OpenAPIV3 } from 'openapi-types';
import { errorAnswers, errorSchema, HEADERS } from './api-errors';
import { measurementSchema } from './api-measurement';
import { DEFAULT_LIMIT, MAX_LIMIT } from './paging';
import { object, type Schema } from './schemas';

type Operation = OpenAPIV3.OperationObject;

/** Paths of the API. The settings of a deployment decide which of them it has. */
export const PATHS = ['/', '/func1', '/func2', '/items', '/auth-matrix'] as const;
export type ApiPath = (typeof PATHS)[number];

/** Name of the security scheme. CloudFront sends the key; callers are allowed by their address. */
const KEY_SCHEME = 'api_key';

const JSON_TYPE = 'application/json';

const text = (description: string, example: string): Schema => ({ type: 'string', description, example });

const next: Schema = {
  ...text('Value of `cursor` for the following page; `null` on the last page', 'Mg'),
  nullable: true,
};

const users = object({
  users: { type: 'array', items: text('Name of a database user', 'analyst') },
});

const items = object({
  items: {
    type: 'array',
    items: {
      type: 'object',
      description: 'A row, with a field for each column of the table',
      properties: {
        id: { oneOf: [{ type: 'integer' }, { type: 'string' }], description: 'Text where the column is a BIGINT' },
      },
      required: ['id'],
      additionalProperties: true,
      example: { id: 1, name: 'notebook' },
    },
  },
  next,
});

const time = (description: string): Schema => ({
  ...text(description, '2026-01-31T12:00:00.000Z'),
  format: 'date-time',
});

const timestamps = (via: string): Schema =>
  object({
    via: { type: 'string', enum: [via], description: 'The proxy that the connection goes through' },
    recorded: {
      ...time('The time that this call stored; `null` with a cursor and for HEAD, which only read'),
      nullable: true,
    },
    timestamps: { type: 'array', items: time('A stored time'), description: 'Newest first' },
    next,
  });

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

interface Described {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly schema: Schema;
  readonly parameters?: readonly OpenAPIV3.ParameterObject[];
  /** Whether callers that prefer HTML get a page. @default false */
  readonly page?: boolean;
}

const DESCRIBED: Readonly<Record<ApiPath, Described>> = {
  '/': {
    id: 'users',
    summary: 'Names of the database’s users',
    description: 'Logs in by IAM, to the public address of the instance, from outside the VPC.',
    schema: users,
  },
  '/func1': {
    id: 'func1',
    summary: 'Stores the time of the call, answers with the newest times',
    description: 'Logs in by password, through the password proxy. With a cursor it stores nothing.',
    schema: timestamps('password-proxy'),
    parameters: [limit, cursor],
  },
  '/func2': {
    id: 'func2',
    summary: 'Stores the time of the call, answers with the newest times',
    description: 'Logs in by IAM, through the IAM proxy. With a cursor it stores nothing.',
    schema: timestamps('iam-proxy'),
    parameters: [limit, cursor],
  },
  '/items': {
    id: 'items',
    summary: 'Rows of the table `items`, in the order of their ids',
    description: 'Logs in by IAM, straight to the instance.',
    schema: items,
    parameters: [limit, cursor],
  },
  '/auth-matrix': {
    id: 'auth-matrix',
    summary: 'Every way to log in that is deployed, tried now',
    description: 'Compares what each login comes to with what the settings let expect. A browser gets a page.',
    schema: measurementSchema,
    page: true,
  },
};

/** Describes the API as an OpenAPI 3 document, with all paths or only those of a deployment. */
export function apiDocument(paths: readonly ApiPath[] = PATHS): OpenAPIV3.Document {
  return {
    openapi: '3.0.3',
    info: {
      title: 'Login matrix',
      version: '1',
      description:
        'A small internal API in front of MySQL on Amazon RDS. Each route logs in to the database in another way.',
    },
    paths: Object.fromEntries(paths.map((path) => [path, pathItem(DESCRIBED[path])])),
    components: {
      securitySchemes: {
        [KEY_SCHEME]: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: 'CloudFront sends it to API Gateway. Callers have no key: their address lets them in.',
        },
      },
    },
  };
}

/** Describes GET and HEAD of a path. HEAD answers like GET without the body, and stores nothing. */
function pathItem(described: Described): OpenAPIV3.PathItemObject {
  const { id, summary, description, parameters = [] } = described;
  // On each operation, because API Gateway ignores a document-wide `security`.
  const shared = { security: [{ [KEY_SCHEME]: [] }], parameters: [...parameters] };
  return {
    get: { ...shared, operationId: id, summary, description, responses: getResponses(described) },
    head: {
      ...shared,
      operationId: `${id}-head`,
      summary: `What GET answers, without its body`,
      responses: headResponses(),
    },
  };
}

function getResponses({ schema, page }: Described): Operation['responses'] {
  const html: OpenAPIV3.MediaTypeObject = { schema: { type: 'string', description: 'A page for people' } };
  return {
    '200': {
      description: 'The answer',
      headers: HEADERS,
      content: { [JSON_TYPE]: { schema }, ...(page === true && { 'text/html': html }) },
    },
    ...errorAnswers({ [JSON_TYPE]: { schema: errorSchema } }),
  };
}

function headResponses(): Operation['responses'] {
  return { '200': { description: 'What GET answers, without its body', headers: HEADERS }, ...errorAnswers() };
}
