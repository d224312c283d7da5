import type { Cursor } from '../cursor.js';

/** Tokens of one SET. */
const MOST_LISTED = 200;

interface SetList {
  /** Where it begins: in MariaDB all its values are reckoned before any is given. */
  readonly at: number;
  /** False in MySQL, whose order is not defined, and in bodies. */
  readonly isKnown: boolean;
  /** There each variable is set by itself. */
  readonly isInBody: boolean;
}

/** The `SET @a = 'y', @b = CONCAT('DELETE FROM ', @a)` that gave a value to the variable that it has at `index`. */
export function setBefore(cursor: Cursor, variable: string, index: number): SetList | undefined {
  if (!cursor.traits.versionedComments || !variable.startsWith('@')) return undefined;
  let isGiven = false;
  let isBeforeOwn = false;
  for (let at = index - 1; at > index - MOST_LISTED && at >= 0; at -= 1) {
    const { text, word } = cursor.token(at);
    if (word === ';') return undefined;
    const isEntry = /^:?=$/.test(cursor.token(at + 1).word) && /^(?:set|,)$/.test(cursor.token(at - 1).word);
    isGiven ||= isEntry && isBeforeOwn && text.toLowerCase() === variable.toLowerCase();
    isBeforeOwn ||= isEntry;
    if (word !== 'set') continue;
    if (!isGiven) return undefined;
    const isInBody = startsBody(cursor, at);
    return { at, isKnown: cursor.dialect === 'mariadb' && !isInBody, isInBody };
  }
  return undefined;
}

/** True behind the BEGIN of a body, which is none of a transaction. */
function startsBody(cursor: Cursor, before: number): boolean {
  for (let at = 0; at < before; at += 1)
    if (cursor.token(at).word === 'begin' && !/^(?:;|work)$/.test(cursor.token(at + 1).word)) return true;
  return false;
}
