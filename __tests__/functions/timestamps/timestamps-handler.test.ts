import type { Context } from 'aws-lambda';
import type { Database, Query } from '../../../functions/shared/database/database';
import { cursorAfter } from '../../../functions/shared/http/paging';
import { timestampsHandler } from '../../../functions/timestamps/timestamps-handler';

const ID = '00112233-4455-6677-8899-aabbccddeeff';
const ROW = { time: '2026-01-31 12:00:00.123', id: ID.replaceAll('-', '').toUpperCase() };

/** A database whose connection is lost after the first attempt, so `run` does the work twice. */
function databaseLosingItsConnection() {
  const query = jest.fn().mockResolvedValue([ROW]);
  const run = async (work: (query: Query) => Promise<unknown>): Promise<unknown> => {
    await work(query as Query);
    return work(query as Query);
  };
  return { database: { run } as unknown as Database, query };
}

/** Calls the route. Returns its answer and the values of each INSERT. */
async function call(cursor?: string) {
  const { database, query } = databaseLosingItsConnection();
  const parameters = cursor === undefined ? null : { cursor: [cursor] };
  const event = { httpMethod: 'GET', multiValueQueryStringParameters: parameters };
  const answer = await timestampsHandler('iam-proxy', database)(event, { awsRequestId: 'one' } as Context);
  const statements = query.mock.calls as [string, unknown[]][];
  return { ...answer, inserted: statements.filter(([sql]) => sql.startsWith('INSERT')).map(([, values]) => values) };
}

describe('a call of a route that stores the time', () => {
  it('inserts the same row again if the connection is lost, and returns the newest rows', async () => {
    const { body, inserted } = await call();
    expect(inserted).toHaveLength(2);
    expect(inserted[0]).toEqual(inserted[1]);
    expect(JSON.parse(body)).toMatchObject({
      via: 'iam-proxy',
      recorded: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      timestamps: ['2026-01-31T12:00:00.123Z'],
      next: null,
    });
  });

  it.each([
    ['a day that does not exist', `2026-02-31T12:00:00.123Z ${ID}`],
    ['a leap second', `2026-01-31T12:00:60.000Z ${ID}`],
    ['the hour 24', `2026-01-31T24:00:00.000Z ${ID}`],
    ['a year before 1000, the first year of MySQL’s DATETIME', `0999-01-31T12:00:00.123Z ${ID}`],
    ['no id', '2026-01-31T12:00:00.123Z'],
    ['an id that is not a UUID', '2026-01-31T12:00:00.123Z 7'],
  ])('is refused with a cursor that has %s', async (_what, key) => {
    expect((await call(cursorAfter(key))).statusCode).toBe(400);
  });
});
