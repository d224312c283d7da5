import type { Cursor } from '../cursor.js';

/** Tokens of one SET. */
const MOST_LISTED = 200;

interface SetList {
  /** Where it begins: in MariaDB all its values are reckoned before any is given. */
  readonly at: number;
  /** False in MySQL, whose order is not defined, and in bodies, where each variable is set by itself. */
  readonly isKnown: boolean;
}

/** The `SET @a = 'y', @b = CONCAT('DELETE FROM ', @a)` that gave a value to the variable that it has at `index`. */
export function setBefore(cursor: Cursor, variable: string, index: number): SetList | undefined {
  if (!cursor.traits.versionedComments || !variable.startsWith('@')) return undefined;
  let isGiven = false;
  for (let at = index - 1; at > index - MOST_LISTED && at >= 0; at -= 1) {
    const { text, word } = cursor.token(at);
    if (word === ';') return undefined;
    isGiven ||=
      text.toLowerCase() === variable.toLowerCase() &&
      /^:?=$/.test(cursor.token(at + 1).word) &&
      /^(?:set|,)$/.test(cursor.token(at - 1).word);
    if (word !== 'set') continue;
    if (!isGiven) return undefined;
    const isInBody = cursor.tokens.slice(0, at).some((token) => token.word === 'begin');
    return { at, isKnown: cursor.dialect === 'mariadb' && !isInBody };
  }
  return undefined;
}
