import { literal } from '../../../modules/settings/union';
import { problemsOf, requiredSettings } from '../../support/settings';

describe('a setting with several forms', () => {
  it.each<[why: string, change: object, ...problems: string[]]>([
    [
      'an unknown backend',
      { backend: { type: 'disk' } },
      'backend must be { type: "local" }, { type: "s3", bucket: "acme-terraform-state", region: "eu-central-1" } or { type: "cloud", organization: "acme", workspace: "login-matrix-dev" }, got {"type":"disk"}: Write one of these forms; the field type chooses it.',
    ],
    [
      'public access without a reason',
      { database: { publicAccess: { enabled: true, cidrs: ['0.0.0.0/0'] } } },
      'database.publicAccess.reason must be a string, got nothing: The setting has no default. Add it.',
    ],
    [
      'password rotation without an interval',
      { database: { passwordRotation: { enabled: true } } },
      'database.passwordRotation.days must be a number, got nothing: The setting has no default. Add it.',
    ],
    [
      'true in place of an object',
      { database: { publicAccess: true } },
      'database.publicAccess must be { enabled: false } or { enabled: true, cidrs: ["0.0.0.0/0"], reason: "GET / is called from outside the VPC." }, got true: Write one of these forms.',
    ],
    [
      'an object without the field enabled',
      { alarms: { email: 'a@b.org' } },
      'alarms must be { enabled: false }, { enabled: true } or { enabled: true, email: "platform@example.com" }, got {"email":"a@b.org"}: Write one of these forms; the field enabled chooses it.',
    ],
    [
      'a number in place of an object',
      { database: { passwordRotation: 30 } },
      'database.passwordRotation must be { enabled: false } or { enabled: true, days: 30 }, got 30: Write one of these forms.',
    ],
  ])('is rejected for %s', (_why, change, ...problems) => {
    expect(problemsOf({ ...requiredSettings, ...change })).toEqual(problems);
  });
});

describe('an example', () => {
  it('is written as in TypeScript', () => {
    expect(literal({ type: 's3', bucket: 'acme', days: 7, cidrs: ['0.0.0.0/0'] })).toBe(
      '{ type: "s3", bucket: "acme", days: 7, cidrs: ["0.0.0.0/0"] }',
    );
  });
});
