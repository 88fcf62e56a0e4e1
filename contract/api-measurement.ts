import { object, type Schema } from './schemas';

const PROXIES = ['password-proxy', 'iam-proxy'];

const outcome = (description: string): Schema => ({
  type: 'string',
  enum: ['o', 'x', '–'],
  description: `${description}: the login connects (\`o\`), is refused (\`x\`) or finds no usable endpoint (\`–\`)`,
});

const flag = (description: string): Schema => ({ type: 'boolean', description });

const row = object(
  {
    row: { type: 'integer', description: 'Number of the row in the matrix of `docs/settings.md`' },
    proxy: { type: 'string', enum: PROXIES },
    requireTls: flag('Whether the proxy refuses clients without TLS'),
    iamAuth: {
      type: 'string',
      enum: ['DISABLED', 'REQUIRED'],
      description: 'Whether the proxy requires logins by IAM',
    },
    upstream: { type: 'string', enum: ['iam'], description: 'Present if the proxy logs in to the instance by IAM' },
  },
  { optional: ['proxy', 'requireTls', 'iamAuth', 'upstream'] },
);

const probe = object({
  login: { type: 'string', enum: ['password', 'iam'] },
  target: { type: 'string', enum: ['instance', ...PROXIES] },
  tls: flag('Whether the login was tried with TLS'),
  expected: outcome('Expected outcome'),
  because: { type: 'string', description: 'Reason for the expected outcome' },
  observed: outcome('Measured outcome'),
  milliseconds: {
    type: 'integer',
    nullable: true,
    description: 'Milliseconds from the first packet to the answer of the first statement; `null` if the login failed',
  },
  code: {
    type: 'string',
    nullable: true,
    description: 'Error code of the server or the driver',
    example: 'ER_ACCESS_DENIED_ERROR',
  },
  reason: { type: 'string', nullable: true, description: 'Meaning of the error code' },
  cause: {
    type: 'string',
    nullable: true,
    description: 'Cause of a failure, derived from the settings and the error code; `null` if the login connected',
    example: 'the proxy requires IAM; a password is refused',
  },
  agrees: flag('Whether the measured outcome equals the expected one'),
});

/** The answer of `/auth-matrix`. */
export const measurementSchema: Schema = object({
  agrees: flag('Whether every login had its expected outcome'),
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
    rows: { type: 'array', items: row, description: 'The rows of the matrix that describe this deployment' },
  }),
  probes: { type: 'array', items: probe, description: 'Each tried login' },
});
