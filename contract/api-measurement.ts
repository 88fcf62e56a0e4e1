import { object, type Schema } from './schemas';

const OUTCOMES = ['o', 'x', '–'];
const PROXIES = ['password-proxy', 'iam-proxy'];

const outcome = (description: string): Schema => ({
  type: 'string',
  enum: OUTCOMES,
  description: `${description}: \`o\` connects, \`x\` is refused, \`–\` has nothing to connect to`,
});

const flag = (description: string): Schema => ({ type: 'boolean', description });

const row = object(
  {
    row: {
      type: 'integer',
      description: 'Number of the row in the matrix of `docs/settings.md`',
    },
    proxy: { type: 'string', enum: PROXIES },
    requireTls: flag('Whether the proxy refuses clients without TLS'),
    iamAuth: { type: 'string', enum: ['DISABLED', 'REQUIRED'], description: 'What the proxy says of logins by IAM' },
    upstream: { type: 'string', enum: ['iam'], description: 'Set where the proxy logs in to the instance by IAM' },
  },
  { optional: ['proxy', 'requireTls', 'iamAuth', 'upstream'] },
);

const probe = object({
  login: { type: 'string', enum: ['password', 'iam'] },
  target: { type: 'string', enum: ['instance', ...PROXIES] },
  tls: flag('Whether the login was tried with TLS'),
  expected: outcome('What must come of it'),
  because: { type: 'string', description: 'Why it is expected' },
  observed: outcome('What came of it'),
  milliseconds: {
    type: 'integer',
    nullable: true,
    description:
      'From the first packet to the answer of a first statement, milliseconds; `null` where the login failed',
  },
  code: {
    type: 'string',
    nullable: true,
    description: 'Code of the server or of the driver',
    example: 'ER_ACCESS_DENIED_ERROR',
  },
  reason: { type: 'string', nullable: true, description: 'The code in words' },
  cause: {
    type: 'string',
    nullable: true,
    description: 'Why the login failed, from settings and code; `null` where it connected',
    example: 'the proxy requires IAM; a password is refused',
  },
  agrees: flag('Whether it came as expected'),
});

/** The answer of `/auth-matrix`. */
export const measurementSchema: Schema = object({
  agrees: flag('Whether every login came as expected'),
  environment: { type: 'string', description: 'Name of the environment', example: 'dev' },
  region: { type: 'string', description: 'AWS region of the database', example: 'eu-central-1' },
  measuredAt: {
    type: 'string',
    format: 'date-time',
    description: 'When the measurement began',
    example: '2026-01-31T12:00:00.000Z',
  },
  settings: object({
    iamAuthentication: flag('Whether the instance accepts logins by IAM'),
    requireSecureTransport: flag('Whether the instance refuses connections without TLS'),
    rows: { type: 'array', items: row, description: 'What is deployed' },
  }),
  probes: { type: 'array', items: probe, description: 'Each login that was tried' },
});
