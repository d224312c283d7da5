import type { Cursor } from './cursor.js';

/** Stands in SQL that is put together for what is not known of it: a parameter, which names nothing. */
export const PIECE = '%(piece)s';

export function hasPiece(text: string): boolean {
  return text.includes(PIECE);
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
