import { measurementSchema } from '../api-measurement';
import type { RouteDeclaration } from '../route';

export const authMatrix = {
  path: '/auth-matrix',
  function: 'auth-matrix',
  operation: {
    summary: 'Every way to log in that is deployed, tried now',
    description: 'Compares what each login comes to with what the settings let expect. A browser gets a page.',
    schema: measurementSchema,
    page: true,
  },
  // SECURITY: it tries logins without TLS too, so its users have no rights and exist for addresses of the VPC only.
  users: {
    matrixPassword: {
      name: 'matrix_password',
      maxConnections: 20,
      purpose: '`/auth-matrix` for logins by password, and through proxies with a secret; it may do nothing',
      login: 'password',
      from: 'vpc',
      grants: [],
    },
    matrixIam: {
      name: 'matrix_iam',
      maxConnections: 20,
      purpose:
        '`/auth-matrix` for logins by IAM straight to the instance, or through a proxy that logs in by IAM; it may do nothing',
      login: 'iam',
      from: 'vpc',
      grants: [],
    },
  },
} as const satisfies RouteDeclaration;
