import { readToken } from '../../../../../functions/shared/database/diagnosis/token';

const tokenWith = (query: string): string => `db.example.com:3306/?${query}`;
const WITHOUT_TIME = 'Action=connect&DBUser=items&X-Amz-Credential=KEY%2F20260101%2Feu-west-1%2Frds-db%2Faws4_request';

describe('readToken', () => {
  it('reads endpoint, user, region and time of a token, and no part of its signature', () => {
    expect(readToken(tokenWith(`${WITHOUT_TIME}&X-Amz-Date=20260131T120005Z&X-Amz-Signature=secret`))).toEqual({
      endpoint: 'db.example.com:3306',
      user: 'items',
      region: 'eu-west-1',
      signedAt: new Date('2026-01-31T12:00:05Z'),
    });
  });

  it.each([
    ['a password', 'a password'],
    ['an empty password', ''],
    ['a token without a user', tokenWith(`${WITHOUT_TIME.replace('DBUser', 'User')}&X-Amz-Date=20260131T120005Z`)],
    ['a token without a time', tokenWith(WITHOUT_TIME)],
    ['a token with an impossible time', tokenWith(`${WITHOUT_TIME}&X-Amz-Date=20261301T000000Z`)],
    ['a token without a region', tokenWith('DBUser=a&X-Amz-Credential=KEY&X-Amz-Date=20260131T120005Z')],
  ])('returns nothing for %s', (_what, password) => {
    expect(readToken(password)).toBeUndefined();
  });
});
