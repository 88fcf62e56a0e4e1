import { itAccepts, problemsWith } from '../../support/settings';

it.each(['Dev', '1st', 'dev_1', 'dev-', 'dev--1', ''])('an invalid environment name is rejected: %j', (name) => {
  expect(problemsWith({ name })).toEqual([
    `name must be lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen, got "${name}": The name is part of the names of resources. Choose another.`,
  ]);
});

it.each(['12345678901', '1111222233334', '1111-2222-3333', ''])(
  'an invalid account id is rejected: %j',
  (accountId) => {
    expect(problemsWith({ accountId })).toEqual([
      `accountId must be the id of an AWS account, got "${accountId}": An account id has 12 digits. Write it in quotes, as in "111122223333".`,
    ]);
  },
);

it('the id of an account is text, because a number would lose leading zeros', () => {
  expect(problemsWith({ accountId: 111122223333 })).toEqual([
    'accountId must be a string, got 111122223333: Write it in quotes.',
  ]);
});

it('a retention of logs is rejected if CloudWatch does not support it', () => {
  expect(problemsWith({ logRetentionDays: 8 })).toEqual([
    'logRetentionDays must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, got 8: Write a listed value exactly as shown.',
  ]);
});

itAccepts('a setting is accepted: %j', [
  { name: 'd' },
  { name: 'dev-2-eu' },
  { accountId: '012345678901' },
  { logRetentionDays: 2192 },
]);
