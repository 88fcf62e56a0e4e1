import { itRejects } from '../../support/settings';

itRejects('a region is rejected if it is %s', [
  [
    'unknown',
    { region: 'mars-north-1' },
    'region must be an AWS region of the partition aws, got "mars-north-1": Write the code of a region, as in eu-central-1.',
  ],
  [
    'misspelt',
    { region: 'eu_central_1' },
    'region must be an AWS region of the partition aws, got "eu_central_1": Did you mean eu-central-1? Write the code of a region, as in eu-central-1.',
  ],
  [
    'in GovCloud',
    { region: 'us-gov-west-1' },
    'region must be an AWS region of the partition aws, got "us-gov-west-1": The region belongs to another partition: China, GovCloud, a sovereign or an isolated cloud. The ARNs, service names and certificate authorities of this deployment belong to the partition aws.',
  ],
  [
    'without certificate authorities in certs/rds',
    { region: 'il-central-1' },
    'region must be a region whose RDS certificate authorities are in certs/rds, got "il-central-1": Functions verify the database’s certificate with the region’s own authorities. Run npm run certs:refresh to fetch them, or choose another region.',
  ],
]);

itRejects('an environment is rejected for %s', [
  [
    'a user name longer than 32 characters',
    { database: { users: { items: { name: 'u'.repeat(33) } } } },
    `database.users.items.name must be 1 to 32 letters, digits or underscores, and not start with a digit, got "${'u'.repeat(33)}": A user name that breaks this rule can cause errors in MySQL or RDS. Choose another.`,
  ],
  [
    'a user name with a quote in it',
    { database: { users: { timestamps: { name: "o'brien" } } } },
    'database.users.timestamps.name must be 1 to 32 letters, digits or underscores, and not start with a digit, got "o\'brien": A user name that breaks this rule can cause errors in MySQL or RDS. Choose another.',
  ],
  [
    'a user that RDS reserves',
    { database: { users: { usersReader: { name: 'rdsadmin' } } } },
    'database.users.usersReader.name must not be a reserved name, got "rdsadmin": MySQL, RDS or the deployment itself uses this user. Choose another.',
  ],
  [
    'a database name longer than 64 characters',
    { database: { name: 'd'.repeat(65) } },
    `database.name must be 1 to 64 letters, digits or underscores, and not start with a digit, got "${'d'.repeat(65)}": A database name that breaks this rule can cause errors in MySQL or RDS. Choose another.`,
  ],
  [
    'a database that MySQL reserves',
    { database: { name: 'MySQL' } },
    'database.name must not be a reserved name, got "MySQL": MySQL, RDS or the deployment itself uses this database. Choose another.',
  ],
]);
