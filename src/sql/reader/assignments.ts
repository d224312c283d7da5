import { signsOf } from './assignment-signs.js';
import type { Cursor } from './cursor.js';
import { addedTo, piecedText } from './pieced-text.js';

/** Texts that are put together of more are not read. */
const MOST_APPENDS = 50;

/**
 * The text that was last assigned to a variable, with what was appended to it: `v := '…';`, `LET v STRING := '…';`,
 * `v STRING DEFAULT '…';`, `SET @v = '…';`. Snowflake refers to the variable of `SET v` as `$v`.
 */
export function assignedText(cursor: Cursor, variable: string): string | undefined {
  const name = variableName(cursor, variable);
  const found = signsOf(cursor, name);
  let added = '';
  for (let last = found.length - 1, appends = 0; last >= 0 && appends < MOST_APPENDS; last -= 1) {
    const sign = found[last] ?? 0;
    if (sign > cursor.at) continue;
    // `SET @v += '…'`, `SET @v = @v + '…'`
    const isPlus = cursor.token(sign - 1).word === '+';
    const more = isPlus ? (joinedText(cursor, sign + 1) ?? '') : addedTo(cursor, name, sign + 1);
    if (more === undefined) {
      const text = joinedText(cursor, sign + 1);
      return text === undefined ? undefined : text + added;
    }
    added = more + added;
    appends += 1;
  }
  return undefined;
}

/** As assignments have it: Snowflake's `$v` is set as `v`. */
export function variableName(cursor: Cursor, variable: string): string {
  return (cursor.dialect === 'snowflake' ? variable.replace(/^\$/, '') : variable).toLowerCase();
}

/** What `'…' || '…'`, CONCAT('…', …) or FORMAT('…', …) at `from` makes, up to the statement's end. */
function joinedText(cursor: Cursor, from: number): string | undefined {
  const isCall = /^(concat|format)$/.test(cursor.token(from).word) && cursor.token(from + 1).word === '(';
  const first = isCall ? from + 2 : from;
  if (cursor.token(first).kind !== 'string') return undefined;
  const { text, isWhole, isListed } = piecedText(cursor, first);
  // the next variable of a DECLARE may follow
  return isWhole || isListed ? text : undefined;
}
