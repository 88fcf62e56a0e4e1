import { problemsOf, smallest } from '../../support/settings';

describe('a number is rejected for', () => {
  it.each<[why: string, change: object, problems: string[]]>([
    [
      'memory out of range',
      { functions: { items: { memoryMib: 64 } } },
      [
        'functions.items.memoryMib must be a whole number from 128 to 10240, got 64: Lambda supports no other size. CPU grows with memory.',
      ],
    ],
    [
      'password rotations that are too frequent',
      { database: { passwordRotation: { enabled: true, days: 0 } } },
      [
        'database.passwordRotation.days must be a whole number from 1 to 1000, got 0: Secrets Manager supports no other interval.',
      ],
    ],
  ])('%s', (_why, change, problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});

describe('a region is rejected for', () => {
  it.each<[why: string, change: object, problems: string[]]>([
    [
      'a region without certificate authorities',
      { region: 'mars-north-1', network: { ...smallest.network, zones: ['mn1-az1', 'mn1-az2'] } },
      [
        'region must be an AWS region of the partition aws, got "mars-north-1": Write the code of a region, as in eu-central-1.',
      ],
    ],
  ])('%s', (_why, change, problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});

describe('the name of a user or a database is rejected for', () => {
  it.each<[why: string, change: object, problems: string[]]>([
    [
      'a user name longer than 32 characters',
      { database: { users: { items: { name: 'u'.repeat(33) } } } },
      [
        `database.users.items.name must be 1 to 32 letters, digits or underscores, and not start with a digit, got "${'u'.repeat(33)}": Other user names cause errors in MySQL or RDS. Choose another.`,
      ],
    ],
    [
      'a user name with a quote in it',
      { database: { users: { timestamps: { name: "o'brien" } } } },
      [
        'database.users.timestamps.name must be 1 to 32 letters, digits or underscores, and not start with a digit, got "o\'brien": Other user names cause errors in MySQL or RDS. Choose another.',
      ],
    ],
    [
      'a user that RDS reserves',
      { database: { users: { usersReader: { name: 'rdsadmin' } } } },
      [
        'database.users.usersReader.name must not be a reserved name, got "rdsadmin": MySQL, RDS or the deployment itself use this user. Choose another.',
      ],
    ],
    [
      'a user of the matrix that RDS reserves',
      { database: { users: { matrixPassword: { name: 'rdsproxyadmin' } } } },
      [
        'database.users.matrixPassword.name must not be a reserved name, got "rdsproxyadmin": MySQL, RDS or the deployment itself use this user. Choose another.',
      ],
    ],
    [
      'a database name longer than 64 characters',
      { database: { name: 'd'.repeat(65) } },
      [
        `database.name must be 1 to 64 letters, digits or underscores, and not start with a digit, got "${'d'.repeat(65)}": Other database names cause errors in MySQL or RDS. Choose another.`,
      ],
    ],
    [
      'a database that MySQL reserves',
      { database: { name: 'MySQL' } },
      [
        'database.name must not be a reserved name, got "MySQL": MySQL, RDS or the deployment itself use this database. Choose another.',
      ],
    ],
  ])('%s', (_why, change, problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});

describe('a text', () => {
  it('is rejected if it is blank', () => {
    const publicAccess = { enabled: true, cidrs: ['0.0.0.0/0'], reason: ' ' };
    expect(problemsOf({ ...smallest, database: { publicAccess } })).toEqual([
      'database.publicAccess.reason must not be empty, got " ": Fill it in.',
    ]);
  });
});
