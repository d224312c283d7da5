import { timeText } from '../common/utc-text.js';
import type { Moment } from '../condition.js';
import type { MeasureDialect } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';
import { mysqlClockTime } from './clock-time.js';

const TIMES = /^(DATE|DATETIME|TIMESTAMP)$/;
const WRITTEN =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?: +|T)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?)?(?: *(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/i;
const MINUTE_MS = 60_000;
/** The least offset that no zone has. */
const FAR_MINUTES = 16 * 60;

/**
 * A text with an offset or `Z` as the moment that it stands for, where a column of times is compared with it; undefined
 * for other texts. MySQL 8 reads offsets by itself, though no `Z`; MariaDB cuts them off, or finds no time at all.
 */
export function writtenTimeSql(
  text: string,
  { name, dataType }: Pick<MeasuredColumn, 'dataType'> & Partial<Pick<MeasuredColumn, 'name'>>
): string | undefined {
  if (name === undefined || !TIMES.test(dataType)) return undefined;
  const moment = momentOf(text);
  if (moment === undefined) return undefined;
  return mysqlClockTime(moment, { dataType }) ?? `'${timeText(moment.time, { dataType })}'`;
}

function momentOf(text: string): Moment | undefined {
  const written = writtenTime(text);
  if (written?.ahead === undefined) return undefined;
  const [year, month, ...rest] = written.numbers;
  const clock = Date.UTC(year, month - 1, ...rest);
  const micros = written.micros % 1_000;
  const time = clock + (written.micros - micros) / 1_000 - written.ahead * MINUTE_MS;
  return micros === 0 ? { time } : { time, micros };
}

/**
 * A time that no calendar has would match no row, without a word. The server's zero dates, and other ways to write a
 * time (20260131), are its own to read.
 */
export const mysqlTaken: NonNullable<MeasureDialect['taken']> = ({ dataType }, value) => {
  if (dataType === 'YEAR') return typeof value === 'boolean' ? undefined : fullYear(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (dataType === 'UUID') return takenUuid(value);
  if (dataType === 'TIME' && text.includes(':'))
    return isClock(text) ? undefined : { allowed: "times of day in quotes and without an offset ('09:30:00')" };
  if (!TIMES.test(dataType) || !/^\d{4}-\d/.test(text)) return undefined;
  const written = writtenTime(text);
  if (written !== undefined && isTime(written)) return undefined;
  return { allowed: "dates and times in quotes ('2026-01-31', '2026-01-31 09:30:00+02:00')" };
};

interface WrittenTime {
  /** Year, month, day, hours, minutes and seconds. */
  readonly numbers: readonly [number, number, number, number, number, number];
  readonly micros: number;
  /** Minutes that the clock is ahead of UTC. */
  readonly ahead?: number;
}

function writtenTime(text: string): WrittenTime | undefined {
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', zone] = WRITTEN.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const [sign, hours, minutes] = [zone?.[0], Number(zone?.slice(1, 3)), Number(zone?.slice(3).replace(':', ''))];
  const ahead =
    sign === undefined ? {} : { ahead: /[zug]/i.test(sign) ? 0 : (hours * 60 + minutes) * (sign === '-' ? -1 : 1) };
  return {
    numbers: [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)],
    micros: Number(fraction.slice(0, 6).padEnd(6, '0')),
    ...ahead,
  };
}

function isTime({ numbers: [year, month, day, hour, minute, second], ahead }: WrittenTime): boolean {
  const days = month === 0 ? 31 : new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month > 12 || day > days || hour > 23 || minute > 59 || second > 59) return false;
  return ahead === undefined || (year >= 1000 && month > 0 && day > 0 && Math.abs(ahead) < FAR_MINUTES);
}

/** The year that the server makes of one or two digits; a number 0 is a year of its own. */
function fullYear(value: string | number): string | undefined {
  if (value === 0 || !/^\d\d?$/.test(String(value).trim())) return undefined;
  return String(Number(value) + (Number(value) < 70 ? 2000 : 1900));
}

/** MariaDB's UUIDs have no braces and no blanks: with one of these they would match no row, without a word. */
function takenUuid(value: string): ReturnType<typeof mysqlTaken> {
  if (/^\{[^{}]*\}$/.test(value)) return value.slice(1, -1);
  return /[\s{}]/.test(value)
    ? { allowed: "UUIDs in quotes, without blanks ('00000000-0000-0000-0000-000000000000')" }
    : undefined;
}

/** `-838:59:59.5`, `2 10:00`; the server cuts off what stands behind it. */
function isClock(text: string): boolean {
  return /^-?(\d+ +)?\d{1,3}:[0-5]?\d(:[0-5]?\d(\.\d*)?)?$/.test(text);
}
