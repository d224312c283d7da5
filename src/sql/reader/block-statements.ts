import { startsKeptStatement } from './batch-statements.js';
import type { Cursor } from './cursor.js';
import { isName } from './names.js';

/** What a statement of a block stands behind. */
const BEFORE: ReadonlySet<string> = new Set('; begin then else loop do repeat atomic'.split(' '));
/** Words that are names, too, with what makes statements of them. */
const SECONDS: ReadonlyMap<string, RegExp> = new Map([
  ['load', /^data$/],
  ['refresh', /^(?:materialized|dynamic|table)$/],
  ['restore', /^table$/],
  ['flashback', /^table$/],
]);

/** True where a word that mostly begins none starts a statement: BigQuery's LOAD DATA, Spark's `FROM t …`. */
export function startsRareStatement(cursor: Cursor): boolean {
  const { word } = cursor.peek();
  const next = cursor.peek(1);
  const before = cursor.peek(-1).word;
  if (/^(?:readtext|writetext|updatetext)$/.test(word)) return startsKeptStatement(cursor);
  // `FOR r IN TABLE t LOOP`, `RETURN QUERY TABLE t`, `OPEN c FOR TABLE t`
  if (word === 'table' && /^(?:in|query|for)$/.test(before)) return isName(next);
  if (!BEFORE.has(before) && !isBehindHandler(cursor)) return false;
  if (word === 'from' || word === 'table') return isName(next);
  return SECONDS.get(word)?.test(next.word) === true;
}

/** `DECLARE CONTINUE HANDLER FOR SQLEXCEPTION, SQLSTATE '23000' INSERT …` */
export function isBehindHandler(cursor: Cursor): boolean {
  for (let back = 1; back < MOST_CONDITIONS; back += 1) {
    const { kind, word } = cursor.peek(-back);
    if (word === 'for') return cursor.peek(-back - 1).word === 'handler';
    if (kind === 'end' || (kind === 'punct' && word !== ',')) return false;
  }
  return false;
}

/** Tokens of what a handler is for. */
const MOST_CONDITIONS = 20;
