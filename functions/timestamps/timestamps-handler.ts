import { randomUUID } from 'node:crypto';
import type { Database } from '../shared/database/database';
import { httpHandler, type Handler } from '../shared/http/http-handler';
import { cutPage, parsePage } from '../shared/http/paging';
import { readTimestamps, recordTimestamp, type Timestamp } from './queries';

/**
 * Makes a handler that stores the time of the call and returns the newest times. With a cursor it returns older ones. With a
 * cursor, and for HEAD, it stores nothing.
 */
export function timestampsHandler(via: 'password-proxy' | 'iam-proxy', database: Database): Handler {
  return httpHandler(async ({ query: parameters, method }) => {
    const { limit, after } = parsePage(parameters, parseKey);
    // `run` may repeat its callback. Time and id are chosen outside the callback, so that a repetition stores the same row.
    const newTimestamp = after || method === 'HEAD' ? undefined : { time: new Date().toISOString(), id: randomUUID() };
    const timestamps = await database.run(async (query) => {
      if (newTimestamp) await recordTimestamp(query, newTimestamp);
      return readTimestamps(query, limit + 1, after);
    });
    const { rows, next } = cutPage(timestamps, limit, keyOf);
    return { via, recorded: newTimestamp?.time ?? null, timestamps: rows.map(({ time }) => time), next };
  });
}

const keyOf = ({ time, id }: Timestamp): string => `${time} ${id}`;

/** Matches time and id of a row. MySQL's DATETIME begins with the year 1000: https://dev.mysql.com/doc/refman/8.4/en/datetime.html */
const KEY = /^([1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function parseKey(text: string): Timestamp | undefined {
  const [, time, id] = KEY.exec(text) ?? [];
  if (time === undefined || id === undefined || !isTime(time)) return undefined;
  return { time, id };
}

/** Returns whether a day and time exist. Date.parse reads 31 February as 3 March and 24:00 as the next day; MySQL rejects both. */
function isTime(text: string): boolean {
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === text;
}
