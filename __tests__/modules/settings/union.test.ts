import { itRejects } from '../../support/settings';

itRejects('a setting that can take several forms is rejected for %s', [
  [
    'an unknown backend',
    { backend: { type: 'disk' } },
    'backend must be { type: "local" }, { type: "s3", bucket: "acme-terraform-state", region: "eu-central-1" } or { type: "cloud", organization: "acme", workspace: "login-matrix-dev" }, got {"type":"disk"}: Write one of these forms. The field "type" selects the form.',
  ],
  [
    'public access without a reason',
    { database: { publicAccess: { enabled: true, cidrs: ['0.0.0.0/0'] } } },
    'database.publicAccess.reason must be a string, got nothing: The setting is required. Add it.',
  ],
  [
    'true in place of an object',
    { database: { publicAccess: true } },
    'database.publicAccess must be { enabled: false } or { enabled: true, cidrs: ["0.0.0.0/0"], reason: "The public route runs outside the VPC." }, got true: Write one of these forms.',
  ],
  [
    'an object without the field enabled',
    { alarms: { email: 'a@b.org' } },
    'alarms must be { enabled: false }, { enabled: true } or { enabled: true, email: "platform@example.com" }, got {"email":"a@b.org"}: Write one of these forms. The field "enabled" selects the form.',
  ],
]);
