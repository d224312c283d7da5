import type { Cursor } from './cursor.js';
import { readQuery, startsQuery } from './queries.js';
import { endOfBlock } from './stored-end.js';

/** True at `FUNCTION f (…)`, `PROCEDURE p …` or `SESSION x = …` behind WITH: a CTE may be called so, too. */
export function startsLocalFunction(cursor: Cursor): boolean {
  if (!/^(function|procedure|session)$/.test(cursor.peek().word)) return false;
  const next = cursor.peek(1);
  return (next.kind === 'word' || next.kind === 'quoted') && next.word !== 'as';
}

/**
 * Steps over the functions of `WITH FUNCTION f (…) … SELECT` (Oracle, Trino), `WITH SESSION x = 1 SELECT` and Athena's
 * `USING EXTERNAL FUNCTION … SELECT`, up to the query or its CTEs. What their bodies read is read.
 */
export function skipLocalFunctions(cursor: Cursor): void {
  let isBody = false;
  while (!cursor.done) {
    const { word } = cursor.peek();
    isBody ||= word === 'is' || (word === 'as' && cursor.dialect === 'oracle');
    if (word === 'begin') {
      const end = endOfBlock(cursor.tokens, cursor.at);
      readQueries(cursor, end);
      cursor.at = end;
      isBody = false;
      // Oracle's `END f;`
      if (cursor.dialect === 'oracle') {
        if (cursor.peek(1).word === ';') cursor.next();
        cursor.take(';');
        if (!startsLocalFunction(cursor)) return;
      }
    } else if (!isBody && /^(select|with|values|table|from)$/.test(word) && startsQuery(cursor, cursor.at)) return;
    else if (!cursor.skipGroup()) cursor.next();
  }
}

function readQueries(cursor: Cursor, end: number): void {
  const wasInBody = cursor.inBody;
  cursor.inBody = true;
  while (cursor.at < end) {
    if (cursor.sees('select')) cursor.side.push({ kind: 'select', query: readQuery(cursor) });
    else cursor.next();
  }
  cursor.inBody = wasInBody;
}
