import type { Cursor } from '../cursor.js';

const batches = new WeakMap<Cursor['list'], readonly number[]>();

/** Where the batch of T-SQL's begins in which a token is: variables end with the GO between two, on its own line. */
export function startOfBatch(cursor: Cursor, index: number): number {
  if (cursor.dialect !== 'tsql') return 0;
  let starts = batches.get(cursor.list);
  if (starts === undefined) {
    starts = [...cursor.tokens.keys()].filter((at) => separates(cursor, at));
    batches.set(cursor.list, starts);
  }
  return starts.findLast((start) => start <= index) ?? 0;
}

function separates({ sql, tokens }: Cursor, index: number): boolean {
  const token = tokens[index];
  if (token?.word !== 'go') return false;
  const before = sql.slice(Math.max(0, token.start - 100), token.start);
  return /(?:^|\n)[ \t]*$/.test(before) && /^[ \t]*\d*[ \t]*(?:\r?\n|;|$)/.test(sql.slice(token.end, token.end + 100));
}
