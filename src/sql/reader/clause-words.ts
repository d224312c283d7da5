import type { Frame } from './call-frames.js';
import type { Cursor } from './cursor.js';
import { endOfType } from './expression-words.js';
import { startsQuery } from './queries.js';

/**
 * How many tokens of grammar the word at `at` begins in an expression that ends at `to`; 0 when it is a name here,
 * `undefined` when it is no such word.
 */
export function clauseWidth(cursor: Cursor, at: number, frame: Frame | undefined, to: number): number | undefined {
  const next = cursor.token(at + 1).word;
  switch (cursor.token(at).word) {
    case 'as':
      // BigQuery's `WITH(x AS (SELECT …), x + 1)`
      if (next === '(' && startsQuery(cursor, at + 2)) return 1;
      return endOfType(cursor, at + 1, frame?.close ?? to) - at;
    case 'collate':
      return 2;
    case 'at':
      return next === 'time' ? 3 : 0;
    case 'ignore':
    case 'respect':
      return next === 'nulls' ? 2 : 0;
    case 'next':
      return next === 'value' ? to - at : 0;
    case 'using':
      return frame?.call === 'convert' ? 2 : 1;
    case 'group':
    case 'order':
      return next === 'by' || next === '(' ? 1 : 0;
    case 'variadic':
      return next === '(' || next === '' ? 0 : 1;
    case 'against':
      return next === '(' ? cursor.closeOf(at + 1) + 1 - at : 0;
    case 'from':
      // `NTH_VALUE(a, 2) FROM LAST`.
      return /^(first|last)$/.test(next) && cursor.token(at - 1).word === ')' ? 2 : 1;
    case 'level':
      return cursor.dialect === 'oracle' || cursor.connectsBy ? 1 : 0;
    default:
      return undefined;
  }
}
