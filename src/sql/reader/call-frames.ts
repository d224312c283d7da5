import type { Cursor } from './cursor.js';
import { DATE_PART_FIRST, DATE_PART_LAST, DATE_PARTS } from './keywords.js';

/** A bracket that is open at the current position. */
export interface Frame {
  readonly open: number;
  readonly close: number;
  /** The function that the bracket belongs to, lower case; empty for a plain bracket. */
  readonly call: string;
  /** Which argument is being read, from 0. */
  argument: number;
  /** What is compared in it is, no matter what is around it; absent until it is asked for. */
  holds: boolean | undefined;
  /** Lambda parameters declared inside or around it, lower case. */
  lambda?: Set<string>;
}

/**
 * True when `word` is `day` in `DATEADD(day, …)`, `DATE_TRUNC(x, MONTH)` or `EXTRACT(year FROM x)`, not a column of
 * that name.
 */
export function isDatePart(word: string, next: string, frame: Frame, cursor: Cursor): boolean {
  if (!DATE_PARTS.has(word)) return false;
  if (frame.call === 'extract') return frame.argument === 0 && next === 'from';
  if (word === 'date' || word === 'time') return false;
  const mayBeFirst = DATE_PART_FIRST.has(frame.call) && !(frame.call === 'date_trunc' && cursor.dialect === 'bigquery');
  if (DATE_PART_LAST.has(frame.call) && frame.argument > 0)
    return next === ')' && !(mayBeFirst && hasPartFirst(frame, cursor));
  if (!mayBeFirst || frame.argument > 0 || next !== ',') return false;
  // MySQL's two-argument DATEDIFF takes two values.
  return frame.call !== 'datediff' || !cursor.traits.versionedComments;
}

/** `DATE_TRUNC('month', day)` and `DATE_TRUNC(month, day)` name the part first: what follows is a value. */
function hasPartFirst(frame: Frame, cursor: Cursor): boolean {
  const first = cursor.token(frame.open + 1);
  return cursor.token(frame.open + 2).word === ',' && (first.kind === 'string' || DATE_PARTS.has(first.word));
}
