import type { Cursor } from '../cursor.js';

/** Calls whose first argument is a condition. */
const ASKS = /^(?:if|iif|iff)$/;

/** Where the values begin of which a CASE, or a call of IIF and its like, has one; `undefined` is that of no ELSE. */
export function branchesOf(cursor: Cursor, from: number, end: number): readonly (number | undefined)[] | undefined {
  const { word } = cursor.token(from);
  const isCase = word === 'case';
  if (!isCase && !ASKS.test(word)) return undefined;
  const values: (number | undefined)[] = [];
  let hasElse = false;
  for (let index = isCase ? from + 1 : from + 2; index < end - 1; index += 1) {
    const inner = cursor.token(index).word;
    if (isCase ? inner === 'then' || inner === 'else' : inner === ',') values.push(index + 1);
    hasElse ||= inner === 'else';
    index = cursor.list.closes.get(index) ?? index;
  }
  if (isCase ? !hasElse : values.length < 2) values.unshift(undefined);
  return values;
}
