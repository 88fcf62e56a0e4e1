import { problemsWith } from '../../../support/settings';

describe('the maintenance window', () => {
  it.each([
    ['01:00-02:00', 'sun:01:30-sun:02:30'],
    ['01:00-02:00', 'sun:02:00-sun:02:30'],
    ['01:00-02:00', 'sun:00:30-sun:01:00'],
    ['23:30-00:30', 'sun:23:45-mon:00:15'],
    ['00:00-00:30', 'sun:23:45-mon:00:15'],
    ['12:00-12:30', 'tue:00:00-tue:23:00'],
  ])('is rejected if it overlaps or touches the backup window: %s and %s', (backupWindow, maintenanceWindow) => {
    expect(problemsWith({ database: { backupWindow, maintenanceWindow } })).toEqual([
      `database.maintenanceWindow must not overlap or touch ${backupWindow} (database.backupWindow), got "${maintenanceWindow}": RDS refuses a maintenance window during the daily backup. Leave some minutes between the two windows.`,
    ]);
  });

  it.each([
    ['23:45-00:15', 'sat:23:00-sat:23:30'],
    ['01:00-02:00', 'sun:02:01-mon:00:30'],
    ['12:00-13:00', 'sat:23:00-sun:01:00'],
  ])('is accepted if a gap separates it from the backup window: %s and %s', (backupWindow, maintenanceWindow) => {
    expect(problemsWith({ database: { backupWindow, maintenanceWindow } })).toEqual([]);
  });
});
