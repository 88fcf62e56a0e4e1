import { problemsOf, requiredSettings } from '../../../support/settings';

const problemsWith = (database: object): string[] => problemsOf({ ...requiredSettings, database });

describe('the version of the engine', () => {
  it.each(['5.6.51', '8.4.99', '8.4.33', '8.4.2', '8.4.03', '8.0', '8.4 '])('is rejected: %j', (engineVersion) => {
    expect(problemsWith({ engineVersion })).toEqual([
      `database.engineVersion must be 8.4, or a version from 8.4.3 to 8.4.32, got "${engineVersion}": The parameter group, the users and IAM logins need MySQL 8.4. Write 8.4 to let RDS choose its default version.`,
    ]);
  });

  it.each(['8.4', '8.4.3', '8.4.7', '8.4.32'])('is accepted: %s', (engineVersion) => {
    expect(problemsWith({ engineVersion })).toEqual([]);
  });
});

describe('the class of the instance', () => {
  it.each([
    ['db.t1.micro', 'Did you mean db.t3.micro? '],
    ['db.t9x.gigantic', ''],
    ['db.t4g.nano', ''],
  ])('is rejected if it does not support MySQL 8.4: %s', (instanceClass, suggestion) => {
    expect(problemsWith({ instanceClass })).toEqual([
      `database.instanceClass must be an instance class that supports MySQL 8.4, got "${instanceClass}": ${suggestion}Write it as in db.t4g.small. If the class is new in RDS, add it to modules/settings/machine-types.ts.`,
    ]);
  });

  it.each(['db.t3.micro', 'db.r8g.48xlarge'])('is accepted: %s', (instanceClass) => {
    expect(problemsWith({ instanceClass })).toEqual([]);
  });
});

describe('the storage', () => {
  it.each([19, 65_537, 9_999_999])('is rejected outside the limits of RDS: %i GiB', (allocatedStorageGib) => {
    expect(problemsWith({ allocatedStorageGib })).toEqual([
      `database.allocatedStorageGib must be a whole number from 20 to 65536, got ${allocatedStorageGib}: RDS for MySQL supports 20 GiB to 64 TiB of gp3 storage.`,
    ]);
  });

  it('is rejected if it is not a number', () => {
    expect(problemsWith({ allocatedStorageGib: NaN })).toEqual([
      'database.allocatedStorageGib must be a number, got NaN: Write a number, without quotes.',
    ]);
  });

  it.each([20, 65_536])('is accepted: %i GiB', (allocatedStorageGib) => {
    expect(problemsWith({ allocatedStorageGib })).toEqual([]);
  });
});

describe('backups', () => {
  it.each([-1, 1.5, 36])('are rejected for a retention of %d days', (backupRetentionDays) => {
    expect(problemsWith({ backupRetentionDays })).toEqual([
      `database.backupRetentionDays must be a whole number from 0 to 35, got ${backupRetentionDays}: RDS keeps automated backups for 35 days at most; 0 switches them off.`,
    ]);
  });

  it.each(['1:00-01:30', '01:00-24:00', '01:00 - 02:00', 'mon:01:00-mon:02:00', '01:00-01:29', '01:00-01:00'])(
    'are rejected for the window %s',
    (backupWindow) => {
      expect(problemsWith({ backupWindow })).toEqual([
        `database.backupWindow must be a daily window in UTC of at least 30 minutes, got "${backupWindow}": RDS expects two times of day in 24-hour format. Write them as in 01:00-01:30.`,
      ]);
    },
  );

  it.each(['01:00-01:30', '23:45-00:15'])('are accepted with the window %s', (backupWindow) => {
    expect(problemsWith({ backupWindow, backupRetentionDays: 35 })).toEqual([]);
  });
});

describe('the maintenance window', () => {
  it.each(['Sun:02:00-Sun:03:00', 'sun:2:00-sun:3:00', '02:00-03:00', 'sun:02:00-sun:02:29', 'sun:02:00-mon:02:00'])(
    'is rejected: %s',
    (maintenanceWindow) => {
      expect(problemsWith({ maintenanceWindow })).toEqual([
        `database.maintenanceWindow must be a weekly window in UTC of at least 30 minutes and less than 24 hours, got "${maintenanceWindow}": RDS expects two times with lower-case days. Write them as in sun:02:00-sun:03:00.`,
      ]);
    },
  );

  it.each(['sun:02:00-sun:02:30', 'sun:02:00-mon:01:59'])('is accepted: %s', (maintenanceWindow) => {
    expect(problemsWith({ maintenanceWindow })).toEqual([]);
  });
});

it('the reason for public access is rejected if it is blank', () => {
  const publicAccess = { enabled: true, cidrs: ['0.0.0.0/0'], reason: ' ' };
  expect(problemsWith({ publicAccess })).toEqual([
    'database.publicAccess.reason must not be empty, got " ": Fill it in.',
  ]);
});
