import type { Cursor } from './cursor.js';
import { oncePerText } from './once-per-text.js';

/** Tokens of `<<l>>`. */
const BRACKETED = 5;

/** What the labels of blocks stand in front of: `l: BEGIN NOT ATOMIC … END l`. */
const LABELLED = /^(?:begin|loop|while|repeat|for)$/;

/** T-SQL's `done:` in front of a statement, to which GOTO goes, `l:` of a block, and the `<<l>>` of others. */
export function startsLabel(cursor: Cursor): boolean {
  return widthOfLabel(cursor) > 0;
}

export function takeLabel(cursor: Cursor): boolean {
  const width = widthOfLabel(cursor);
  cursor.at += width;
  return width > 0;
}

function widthOfLabel(cursor: Cursor): number {
  const isColon = cursor.peek().kind === 'word' && cursor.peek(1).word === ':';
  if (cursor.dialect === 'tsql') return isColon ? 2 : 0;
  if (isColon && LABELLED.test(cursor.peek(2).word)) return 2;
  return isBehindLabel(cursor, cursor.at + BRACKETED) ? BRACKETED : 0;
}

/** True where `<<l>>` stands right in front of a token. */
export function isBehindLabel(cursor: Cursor, index: number): boolean {
  const isSign = (back: number, sign: string): boolean => cursor.token(index - back).word === sign;
  return isSign(1, '>') && isSign(2, '>') && isSign(BRACKETED, '<') && isSign(BRACKETED - 1, '<');
}

/** A GOTO with the label where it goes on, by their places. */
type Jump = readonly [number, number];

/**
 * To each label the first GOTO and the last one, between which are all others: `l:` of T-SQL and Db2, `<<l>>` of Oracle
 * and MariaDB.
 */
export const jumpsOf = oncePerText(allJumps);

function allJumps(cursor: Cursor): readonly Jump[] {
  const gone = new Map<string, { readonly first: number; last: number }>();
  for (const [index, { word }] of cursor.tokens.entries()) {
    if (word !== 'goto') continue;
    const name = cursor.token(index + 1).text.toLowerCase();
    const known = gone.get(name);
    if (known === undefined) gone.set(name, { first: index, last: index });
    else known.last = index;
  }
  if (gone.size === 0) return [];
  return cursor.tokens.flatMap(({ kind, text }, index): readonly Jump[] => {
    const jump = kind === 'word' && isLabel(cursor, index) ? gone.get(text.toLowerCase()) : undefined;
    if (jump === undefined) return [];
    const { first, last } = jump;
    return first === last
      ? [[first, index]]
      : [
          [first, index],
          [last, index],
        ];
  });
}

function isLabel(cursor: Cursor, index: number): boolean {
  if (cursor.token(index + 1).word === ':') return true;
  return /^(?:<<|<)$/.test(cursor.token(index - 1).word) && /^(?:>>|>)$/.test(cursor.token(index + 1).word);
}

const labelNames = oncePerText(
  (cursor) =>
    new Set(
      [...cursor.tokens.keys()]
        .filter((index) => isBehindLabel(cursor, index + BRACKETED - 2))
        .map((index) => cursor.token(index).text.toLowerCase())
    )
);

/** True where a `<<l>>` of the text has this name: its block's variables are `l.v`, too. */
export function isLabelName(cursor: Cursor, name: string): boolean {
  return labelNames(cursor).has(name);
}
