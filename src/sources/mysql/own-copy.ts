/**
 * A piece of a text in memory of its own: as long as a slice is kept, all of its text is, which may be megabytes for
 * each session that is remembered.
 */
export function ownCopy(piece: string): string {
  return Buffer.from(piece).toString();
}
