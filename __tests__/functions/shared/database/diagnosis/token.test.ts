import { readToken } from '../../../../../functions/shared/database/diagnosis/token';

const token = (query: string): string => `db.example.com:3306/?${query}`;
const WHOLE = 'Action=connect&DBUser=items&X-Amz-Credential=KEY%2F20260101%2Feu-west-1%2Frds-db%2Faws4_request';

describe('readToken', () => {
  it('reads endpoint, user, region and time, and no part of the signature', () => {
    expect(readToken(token(`${WHOLE}&X-Amz-Date=20260131T120005Z&X-Amz-Signature=secret`))).toEqual({
      endpoint: 'db.example.com:3306',
      user: 'items',
      region: 'eu-west-1',
      signedAt: new Date('2026-01-31T12:00:05Z'),
    });
  });

  it.each([
    ['a password', 'a password'],
    ['an empty text', ''],
    ['a token without a user', token(WHOLE.replace('DBUser', 'User'))],
    ['a token without a time', token(WHOLE)],
    ['a token with an impossible time', token(`${WHOLE}&X-Amz-Date=20261301T000000Z`)],
    ['a token without a region', token('DBUser=a&X-Amz-Credential=KEY&X-Amz-Date=20260131T120005Z')],
  ])('returns nothing for %s', (_what, text) => {
    expect(readToken(text)).toBeUndefined();
  });
});
