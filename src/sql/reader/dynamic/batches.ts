import { endsBatch } from '../batch-ends.js';
import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';
import { isSlash } from '../sqlplus.js';

const BATCHED = /^(?:tsql|oracle)$/;

/**
 * Where the batch begins in which a token is: variables end with T-SQL's GO between two, on its own line, and with the
 * `/` of SQL*Plus.
 */
export function startOfBatch(cursor: Cursor, index: number): number {
  if (!BATCHED.test(cursor.dialect)) return 0;
  return startsOf(cursor).findLast((start) => start <= index) ?? 0;
}

/** Where the batch ends in which a token is: at its GO or `/`, or with the text. */
export function endOfBatch(cursor: Cursor, index: number): number {
  if (!BATCHED.test(cursor.dialect)) return cursor.tokens.length;
  return startsOf(cursor).find((start) => start > index) ?? cursor.tokens.length;
}

const startsOf = oncePerText((cursor) => {
  const isEnd = cursor.dialect === 'oracle' ? isSlash : (at: number): boolean => endsBatch(cursor, at);
  return [...cursor.tokens.keys()].filter((at) => isEnd(at, cursor.tokens));
});
