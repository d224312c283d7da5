/** Stands in SQL that is put together for what is not known of it: a parameter, which names nothing. */
export const PIECE = '%(piece)s';

export function hasPiece(text: string): boolean {
  return text.includes(PIECE);
}
