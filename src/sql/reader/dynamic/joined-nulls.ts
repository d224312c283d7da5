import type { Cursor } from '../cursor.js';
import { NO_VALUE } from './possible-texts.js';

/** Tokens between the setting and its ON or OFF: `SET CONCAT_NULL_YIELDS_NULL, ANSI_NULLS OFF`. */
const MOST_LISTED = 12;

interface Setting {
  readonly at: number;
  readonly isOff: boolean;
}

const found = new WeakMap<Cursor['list'], readonly Setting[]>();

/** An operand of `+` at `index`: behind SET CONCAT_NULL_YIELDS_NULL OFF, T-SQL joins NULL as an empty text. */
export function operand(cursor: Cursor, index: number, text: string): string {
  if (cursor.dialect !== 'tsql' || settingsOf(cursor).length === 0) return text;
  const setting = settingsOf(cursor).findLast(({ at }) => at < index);
  return setting?.isOff === true ? text.replaceAll(NO_VALUE, '') : text;
}

function settingsOf(cursor: Cursor): readonly Setting[] {
  let settings = found.get(cursor.list);
  if (settings === undefined) {
    settings = cursor.tokens.flatMap(({ word }, at) => {
      if (word !== 'concat_null_yields_null') return [];
      const value = cursor.tokens.slice(at, at + MOST_LISTED).find((token) => /^(?:on|off)$/.test(token.word));
      return [{ at, isOff: value?.word === 'off' }];
    });
    found.set(cursor.list, settings);
  }
  return settings;
}
