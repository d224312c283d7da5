import { DATE_PART_FIRST, DATE_PART_LAST, DATE_PARTS } from './keywords.js';

/** A bracket that is open at the place being read. */
export interface Frame {
  readonly close: number;
  /** Function that the bracket belongs to, lower case; empty for a plain bracket. */
  readonly call: string;
  /** Which argument is being read, from 0. */
  argument: number;
  /** Lambda parameters declared inside, lower case. */
  lambda?: Set<string>;
}

/** True when `word` is `day` in `DATEADD(day, …)`, `DATE_TRUNC(x, MONTH)` or `EXTRACT(year FROM x)`, not a column of that name. */
export function isDatePart(word: string, next: string, frame: Frame, isMysql: boolean): boolean {
  if (!DATE_PARTS.has(word)) return false;
  if (frame.call === 'extract') return frame.argument === 0 && next === 'from';
  if (word === 'date' || word === 'time') return false;
  if (DATE_PART_LAST.has(frame.call) && frame.argument > 0) return next === ')';
  if (!DATE_PART_FIRST.has(frame.call) || frame.argument > 0 || next !== ',') return false;
  // MySQL's two-argument DATEDIFF takes two values.
  return frame.call !== 'datediff' || !isMysql;
}
