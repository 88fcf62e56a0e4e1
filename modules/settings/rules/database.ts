import { windowsTouch } from '../windows';
import { problemIf, type Rule } from './rule';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (PreferredMaintenanceWindow) */
const windows: Rule = {
  reads: ['database.backupWindow', 'database.maintenanceWindow'],
  // If a window is not set, RDS chooses one that is unknown here. The default, an empty string, touches no window.
  check: ({ database: { backupWindow = '', maintenanceWindow = '' } }) =>
    problemIf(
      windowsTouch(backupWindow, maintenanceWindow),
      'database.maintenanceWindow',
      `must not overlap or touch ${backupWindow} (database.backupWindow)`,
      'RDS refuses a maintenance window during the daily backup. Leave some minutes between the two windows.',
    ),
};

export const databaseRules: readonly Rule[] = [windows];
