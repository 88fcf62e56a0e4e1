/** A daily or weekly window of time. */
interface Window {
  /** Minute of the day at which it begins, UTC. */
  readonly startMinute: number;
  readonly minutes: number;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

const TIME = '([01][0-9]|2[0-3]):([0-5][0-9])';
const DAILY = new RegExp(`^${TIME}-${TIME}$`);
const WEEKLY = new RegExp(`^(${DAYS.join('|')}):${TIME}-(${DAYS.join('|')}):${TIME}$`);

/** Returns the length of an RDS window in minutes; 0 if it does not have the form `hh24:mi-hh24:mi`. */
export const dailyMinutes = (text: string): number => daily(text)?.minutes ?? 0;

/** Returns the length of an RDS window in minutes; 0 if it does not have the form `ddd:hh24:mi-ddd:hh24:mi`. */
export const weeklyMinutes = (text: string): number => weekly(text)?.minutes ?? 0;

/** Returns whether a daily and a weekly window overlap or directly follow each other. */
export function windowsOverlap(everyDay: string, everyWeek: string): boolean {
  const [one, other] = [daily(everyDay), weekly(everyWeek)];
  return one !== undefined && other !== undefined && (reaches(one, other) || reaches(other, one));
}

const reaches = (one: Window, other: Window): boolean =>
  modulo(other.startMinute - one.startMinute, DAY_MINUTES) <= one.minutes;

function daily(text: string): Window | undefined {
  const [, ...parts] = DAILY.exec(text) ?? [];
  if (parts.length === 0) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = parts.map(Number);
  const startMinute = fromHour * 60 + fromMinute;
  return { startMinute, minutes: modulo(toHour * 60 + toMinute - startMinute, DAY_MINUTES) };
}

function weekly(text: string): Window | undefined {
  const [, fromDay = '', fromHour, fromMinute, toDay = '', toHour, toMinute] = WEEKLY.exec(text) ?? [];
  if (fromDay === '') return undefined;
  const startMinute = Number(fromHour) * 60 + Number(fromMinute);
  const endMinute = Number(toHour) * 60 + Number(toMinute);
  const days = DAYS.indexOf(toDay) - DAYS.indexOf(fromDay);
  return { startMinute, minutes: modulo(days * DAY_MINUTES + endMinute - startMinute, WEEK_MINUTES) };
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;
