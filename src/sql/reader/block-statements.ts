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
  if (!BEFORE.has(cursor.peek(-1).word)) return false;
  if (word === 'from' || word === 'table') return isName(next);
  return SECONDS.get(word)?.test(next.word) === true;
}
