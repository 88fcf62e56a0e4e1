import { measurementSchema } from '../api-measurement';
import type { RouteDeclaration } from '../route';

export const authMatrix = {
  path: '/auth-matrix',
  function: 'auth-matrix',
  operation: {
    summary: 'Tries every deployed way to log in',
    description: 'Compares the measured outcome of each login with the expected one. A browser gets a page.',
    schema: measurementSchema,
    page: true,
  },
  // SECURITY: the route also tries logins without TLS, on which others might eavesdrop. Its users therefore have no grants and can log
  // in only from the VPC.
  users: {
    matrixPassword: {
      name: 'matrix_password',
      maxConnections: 20,
      purpose: '`/auth-matrix`; has a password and no grants',
      login: 'password',
      from: 'vpc',
      grants: [],
    },
    matrixIam: {
      name: 'matrix_iam',
      maxConnections: 20,
      purpose:
        '`/auth-matrix`; logs in by IAM, to the instance or to a proxy that itself logs in by IAM. The user has no grants',
      login: 'iam',
      from: 'vpc',
      grants: [],
    },
  },
} as const satisfies RouteDeclaration;
