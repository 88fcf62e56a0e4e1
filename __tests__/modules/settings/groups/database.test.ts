import { itAccepts, itRejects, problemsWith } from '../../../support/settings';

it.each(['5.6.51', '8.4.33', '8.4.2', '8.4.03', '8.0', '8.4 '])(
  'an engine version that is not a MySQL 8.4 version on RDS is rejected: %j',
  (engineVersion) => {
    expect(problemsWith({ database: { engineVersion } })).toEqual([
      `database.engineVersion must be 8.4, or a version from 8.4.3 to 8.4.32, got "${engineVersion}": The parameter group, the users and IAM logins need MySQL 8.4. Write 8.4 to let RDS choose its default version.`,
    ]);
  },
);

it.each([
  ['db.t1.micro', 'Did you mean db.t3.micro? '],
  ['db.t9x.gigantic', ''],
])('a class that does not support MySQL 8.4 is rejected: %s', (instanceClass, suggestion) => {
  expect(problemsWith({ database: { instanceClass } })).toEqual([
    `database.instanceClass must be an instance class that supports MySQL 8.4, got "${instanceClass}": ${suggestion}Use a supported class, for example db.t4g.small. If the class is new in RDS, add it to modules/settings/machine-types.ts.`,
  ]);
});

it.each([19, 65_537])('storage outside the limits of RDS is rejected: %i GiB', (allocatedStorageGib) => {
  expect(problemsWith({ database: { allocatedStorageGib } })).toEqual([
    `database.allocatedStorageGib must be a whole number from 20 to 65536, got ${allocatedStorageGib}: RDS for MySQL supports 20 GiB to 64 TiB of gp3 storage.`,
  ]);
});

it.each([-1, 1.5, 36])('a backup retention that is not 0 to 35 whole days is rejected: %d', (backupRetentionDays) => {
  expect(problemsWith({ database: { backupRetentionDays } })).toEqual([
    `database.backupRetentionDays must be a whole number from 0 to 35, got ${backupRetentionDays}: RDS keeps automated backups for 35 days at most; 0 switches them off.`,
  ]);
});

it.each(['1:00-01:30', '01:00-24:00', '01:00 - 02:00', 'mon:01:00-mon:02:00', '01:00-01:29', '01:00-01:00'])(
  'an invalid backup window is rejected: %s',
  (backupWindow) => {
    expect(problemsWith({ database: { backupWindow } })).toEqual([
      `database.backupWindow must be a daily window in UTC of at least 30 minutes, got "${backupWindow}": RDS expects two times of day in 24-hour format. Write them as in 01:00-01:30.`,
    ]);
  },
);

it.each(['Sun:02:00-Sun:03:00', 'sun:2:00-sun:3:00', '02:00-03:00', 'sun:02:00-sun:02:29', 'sun:02:00-mon:02:00'])(
  'an invalid maintenance window is rejected: %s',
  (maintenanceWindow) => {
    expect(problemsWith({ database: { maintenanceWindow } })).toEqual([
      `database.maintenanceWindow must be a weekly window in UTC of at least 30 minutes and less than 24 hours, got "${maintenanceWindow}": RDS expects two times with lower-case days. Write them as in sun:02:00-sun:03:00.`,
    ]);
  },
);

itRejects('a database is rejected for %s', [
  [
    'storage that is not a number',
    { database: { allocatedStorageGib: NaN } },
    'database.allocatedStorageGib must be a number, got NaN: Write a number, without quotes.',
  ],
  [
    'a rotation every 0 days',
    { database: { passwordRotation: { enabled: true, days: 0 } } },
    'database.passwordRotation.days must be a whole number from 1 to 1000, got 0: Secrets Manager supports no other number of days.',
  ],
  [
    'public access with a blank reason',
    { database: { publicAccess: { enabled: true, cidrs: ['0.0.0.0/0'], reason: ' ' } } },
    'database.publicAccess.reason must not be empty, got " ": Fill it in.',
  ],
]);

itAccepts('settings for the database are accepted: %j', [
  { database: { engineVersion: '8.4' } },
  { database: { engineVersion: '8.4.3' } },
  { database: { engineVersion: '8.4.32' } },
  { database: { instanceClass: 'db.r8g.48xlarge' } },
  { database: { allocatedStorageGib: 20 } },
  { database: { allocatedStorageGib: 65_536 } },
  { database: { backupWindow: '01:00-01:30', backupRetentionDays: 35 } },
  { database: { backupWindow: '23:45-00:15' } },
  { database: { maintenanceWindow: 'sun:02:00-sun:02:30' } },
  { database: { maintenanceWindow: 'sun:02:00-mon:01:59' } },
]);
