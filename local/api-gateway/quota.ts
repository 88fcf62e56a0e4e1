/** https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html */
export interface QuotaSettings {
  /** Requests per period. */
  readonly limit: number;
  /** Requests that count as already made in the first period. */
  readonly offset: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

const DAY_MS = 86_400_000;

/** Weekday of 1970-01-01, a Thursday. Weeks begin on Sunday, day 0. */
const EPOCH_WEEKDAY = 4;

/** Counts requests up to a limit. The count returns to 0 when a new day, week or month begins in UTC. */
export class Quota {
  private used: number;
  private period: string | undefined;

  constructor(private readonly settings: QuotaSettings) {
    this.used = settings.offset;
  }

  /** Counts a request. @param now milliseconds since the epoch. @returns false if the quota is used up */
  take(now: number): boolean {
    const period = periodOf(this.settings.period, now);
    if (this.period !== undefined && this.period !== period) this.used = 0;
    this.period = period;
    if (this.used >= this.settings.limit) return false;
    this.used += 1;
    return true;
  }
}

function periodOf(period: QuotaSettings['period'], now: number): string {
  const day = Math.floor(now / DAY_MS);
  if (period === 'DAY') return String(day);
  if (period === 'WEEK') return String(Math.floor((day + EPOCH_WEEKDAY) / 7));
  return new Date(now).toISOString().slice(0, 'YYYY-MM'.length);
}
