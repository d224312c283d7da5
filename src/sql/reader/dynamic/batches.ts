import { endsBatch } from '../batch-ends.js';
import type { Cursor } from '../cursor.js';

const batches = new WeakMap<Cursor['list'], readonly number[]>();

/** Where the batch of T-SQL's begins in which a token is: variables end with the GO between two, on its own line. */
export function startOfBatch(cursor: Cursor, index: number): number {
  if (cursor.dialect !== 'tsql') return 0;
  return startsOf(cursor).findLast((start) => start <= index) ?? 0;
}

/** Where the batch ends in which a token is: at its GO, or with the text. */
export function endOfBatch(cursor: Cursor, index: number): number {
  if (cursor.dialect !== 'tsql') return cursor.tokens.length;
  return startsOf(cursor).find((start) => start > index) ?? cursor.tokens.length;
}

function startsOf(cursor: Cursor): readonly number[] {
  let starts = batches.get(cursor.list);
  if (starts === undefined) {
    starts = [...cursor.tokens.keys()].filter((at) => endsBatch(cursor, at));
    batches.set(cursor.list, starts);
  }
  return starts;
}
