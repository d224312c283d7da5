import type { Cursor } from '../cursor.js';
import { skipType } from '../type-names.js';

const TEXTS = /^(?:n?varchar2?|n?char|text|string|n?clob)$/;

/**
 * Where the text begins that `CAST(N'…' AS nvarchar(max))` and T-SQL's `CONVERT(nvarchar(max), @s)` at `call` leave as
 * it is. A number or a time is written in another way; a variable may hold one unless the type is without a limit.
 */
export function castValue(cursor: Cursor, call: number): number | undefined {
  const isConvert = cursor.token(call).word === 'convert' && cursor.dialect === 'tsql';
  if (!isConvert && cursor.token(call).word !== 'cast') return undefined;
  const first = call + 2;
  const close = cursor.closeOf(call + 1);
  let type = first;
  if (!isConvert)
    while (type < close && cursor.token(type - 1).word !== 'as') type = (cursor.list.closes.get(type) ?? type) + 1;
  if (!TEXTS.test(cursor.token(type).word)) return undefined;
  const value = isConvert ? skipType(cursor, type) + 1 : first;
  const size = cursor.token(type + 1).word === '(' ? cursor.token(type + 2) : undefined;
  const { kind, text } = cursor.token(value);
  const isWhole = size === undefined || size.word === 'max' || (kind === 'string' && text.length <= Number(size.text));
  return isWhole && (kind === 'string' || size?.word === 'max') ? value : undefined;
}
