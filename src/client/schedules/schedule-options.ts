import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { OverlapPolicy } from './overlap-names.js';
import { ScheduleError } from './schedule-error.js';

/**
 * What happens when a run is due while an earlier one of the schedule is going; spelt as the `temporal` command spells
 * it.
 */
export const OVERLAP_POLICIES = {
  /** Skipped. */
  Skip: ScheduleOverlapPolicy.SKIP,
  /** Starts after the earlier one; a third one is skipped. */
  BufferOne: ScheduleOverlapPolicy.BUFFER_ONE,
  /** Starts after all earlier ones. */
  BufferAll: ScheduleOverlapPolicy.BUFFER_ALL,
  CancelOther: ScheduleOverlapPolicy.CANCEL_OTHER,
  TerminateOther: ScheduleOverlapPolicy.TERMINATE_OTHER,
  AllowAll: ScheduleOverlapPolicy.ALLOW_ALL,
} as const satisfies Readonly<Record<OverlapPolicy, ScheduleOverlapPolicy>>;

/** When a recipe runs. */
export interface ScheduleOptions {
  /**
   * Five fields (`0 3 * * *`), six with a year, seven with seconds first and a year last, `@daily`, `@every 6h`;
   * several may be combined.
   */
  cron: string | readonly string[];
  /** IANA name (`Europe/Berlin`) in which `cron` is read. Default: `UTC`. */
  timeZone?: string;
  /**
   * Each start is delayed by a random time up to this (`5m`), so that recipes don't all start at once. The nominal time
   * stays. Default: none.
   */
  jitter?: string | number;
  /** Default: `Skip`. */
  overlap?: OverlapPolicy;
  /** A start that Temporal missed by no more than this is caught up; at least `10s`. Default: `10m`. */
  catchUp?: string | number;
  /** Pauses the schedule when a run fails, until `resume`. Default: true. */
  pauseOnFailure?: boolean;
  /** Default: unchanged; a new schedule isn't paused. */
  paused?: boolean;
  /** Shown with the schedule. */
  note?: string;
  /** Default: the id of the recipe's runs, `om-<ingestionPipelineFQN>`. */
  scheduleId?: string;
  /** Queue of the workers. Default: the client's. */
  taskQueue?: string;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `5m`, `1h`, `2d`, or milliseconds as a number. @throws ScheduleError naming the option */
export function durationMs(name: string, given: string | number): number {
  if (typeof given === 'number' && Number.isFinite(given) && given >= 0) return given;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(String(given).trim());
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new ScheduleError(
      `${name} is ${JSON.stringify(given)}, not a time such as 90s, 5m, 1h or 2d. Write a number and a unit.`
    );
  return Number(match[1]) * unit;
}

/** `2 d`, `1 h`, `10 m`, `90 s`: the largest unit that leaves no remainder. */
export function durationText(milliseconds: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNITS[unit] ?? 1;
    if (milliseconds >= size && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}

/**
 * The first and last instant of a backfill. A date alone is that whole day, UTC; both ends are included.
 * @throws ScheduleError
 */
export function backfillRange(from: string, to: string): { start: Date; end: Date } {
  const first = instant('from', from, 'T00:00:00.000Z');
  const last = instant('to', to, 'T23:59:59.999Z');
  if (first > last) throw new ScheduleError(`The backfill's end ${to} is before its start ${from}. Swap them.`);
  // Temporal skips a nominal time that is exactly the start
  return { start: new Date(first - 1), end: new Date(last) };
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

function instant(name: string, text: string, restOfDay: string): number {
  const time = DATE.test(text) ? Date.parse(`${text}${restOfDay}`) : TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time))
    throw new ScheduleError(
      `The backfill's ${name} is ${JSON.stringify(text)}, not a date such as 2026-11-15 or a time such as 2026-11-15T03:00:00Z.`
    );
  return time;
}
