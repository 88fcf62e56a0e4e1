/** A daily or weekly window of time. */
interface Window {
  /** Minute of the day or of the week at which it begins, UTC. */
  readonly startMinute: number;
  readonly minutes: number;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

const TIME = '([01][0-9]|2[0-3]):([0-5][0-9])';
const DAY = `(${DAYS.join('|')}):`;

/** Returns the length of an RDS window in minutes; 0 if it ends at its start or does not have the form `hh24:mi-hh24:mi`. */
export const dailyMinutes = (text: string): number => daily(text)?.minutes ?? 0;

/** Returns the length of an RDS window in minutes; 0 if it ends at its start or does not have the form `ddd:hh24:mi-ddd:hh24:mi`. */
export const weeklyMinutes = (text: string): number => weekly(text)?.minutes ?? 0;

/** Returns whether a daily and a weekly window overlap or directly follow each other. */
export function windowsTouch(everyDay: string, everyWeek: string): boolean {
  const [one, other] = [daily(everyDay), weekly(everyWeek)];
  return one !== undefined && other !== undefined && (reaches(one, other) || reaches(other, one));
}

/** Returns whether one window lasts until the next start of the other. One of the two is daily, so only the time of day matters. */
const reaches = (one: Window, other: Window): boolean =>
  modulo(other.startMinute - one.startMinute, DAY_MINUTES) <= one.minutes;

const daily = reader(new RegExp(`^${TIME}-${TIME}$`), DAY_MINUTES);
const weekly = reader(new RegExp(`^${DAY}${TIME}-${DAY}${TIME}$`), WEEK_MINUTES);

/** Makes a function that reads windows of one form. @param cycle minutes after which a window repeats */
function reader(form: RegExp, cycle: number): (text: string) => Window | undefined {
  return (text) => {
    if (!form.test(text)) return undefined;
    const [start = 0, end = 0] = text.split('-').map(minuteOf);
    return { startMinute: start, minutes: modulo(end - start, cycle) };
  };
}

/** Returns the minute of `hh24:mi` in the day, or of `ddd:hh24:mi` in the week. */
function minuteOf(moment: string): number {
  const [minute, hour, day = 'mon'] = moment.split(':').reverse();
  return (DAYS.indexOf(day) * 24 + Number(hour)) * 60 + Number(minute);
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;
