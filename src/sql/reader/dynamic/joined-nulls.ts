import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';
import { NO_VALUE } from './possible-texts.js';

/** Tokens between the setting and its ON or OFF: `SET CONCAT_NULL_YIELDS_NULL, ANSI_NULLS OFF`. */
const MOST_LISTED = 12;

interface Setting {
  readonly at: number;
  readonly isOff: boolean;
}

/** An operand of `+` at `index`: behind SET CONCAT_NULL_YIELDS_NULL OFF, T-SQL joins NULL as an empty text. */
export function operand(cursor: Cursor, index: number, text: string): string {
  return joinsNulls(cursor, index) ? text.replaceAll(NO_VALUE, '') : text;
}

/** True behind this SET, also in a text that runs there; what the text sets ends with it. */
export function joinsNulls(cursor: Cursor, index: number): boolean {
  if (cursor.dialect !== 'tsql') return false;
  return settingsOf(cursor).findLast(({ at }) => at < index)?.isOff ?? cursor.joinsNulls;
}

const settingsOf = oncePerText(({ tokens }) =>
  tokens.flatMap(({ word }, at): readonly Setting[] => {
    if (word !== 'concat_null_yields_null') return [];
    const value = tokens.slice(at, at + MOST_LISTED).find((token) => /^(?:on|off)$/.test(token.word));
    return [{ at, isOff: value?.word === 'off' }];
  })
);
