import { hasPiece, PIECE } from '../../unknown-piece.js';
import type { Cursor } from '../cursor.js';

export { hasPiece, PIECE };

/** Why SQL that is put together isn't read to its end. */
export const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';

/** Says so where a name in a string has a part that is not known. */
export function doubtPieces(cursor: Cursor, text: string): void {
  if (hasPiece(text)) cursor.doubt(UNKNOWN_PARTS);
}

/**
 * True when the name from `from` up to the cursor is one of which a part is not known; steps over what else belongs to
 * it.
 */
export function takePieces(cursor: Cursor, from: number): boolean {
  const belongs = (index: number): boolean =>
    cursor.token(index).start === cursor.token(index - 1).end && !/^[(),;]$/.test(cursor.token(index).word);
  let isPieced = belongs(cursor.at) && cursor.peek().text === PIECE;
  for (let index = from; index < cursor.at; index += 1) isPieced ||= hasPiece(cursor.token(index).text);
  while (isPieced && !cursor.done && belongs(cursor.at)) cursor.next();
  return isPieced;
}

/** A text with another behind it: a name in brackets is whole, and what is not known behind it is a clause. */
export function glued(text: string, added: string): string {
  return added.startsWith(PIECE) && /[\])]$/.test(text) ? `${text} ${added}` : text + added;
}
