import { hasPiece, PIECE } from './piece.js';
import { eachOf, isOne, NO_VALUE } from './possible-texts.js';

/** Characters of what is put in, in all places: one text in another may be there many times. */
const MOST_PUT = 200_000;

/** What REPLACE makes of its first argument; a piece where that isn't certain. */
export function replacedText([text = PIECE, sought = PIECE, other = PIECE]: readonly string[]): string {
  if ([text, sought, other].includes(NO_VALUE)) return NO_VALUE;
  if (!isOne(sought) || hasPiece(sought) || sought === '') return PIECE;
  return eachOf(text, (one) => replacedIn(one, sought, other));
}

function replacedIn(text: string, sought: string, other: string): string {
  const parts = text.split(PIECE);
  // what is not known may go on with what is sought
  const isCut = parts
    .slice(1)
    .some((part, index) => endsWithStart(parts[index] ?? '', sought) || startsWithEnd(part, sought));
  // whether case counts is the collation's
  const same = sought.toLowerCase();
  const isSeen = parts.every((part) => part.toLowerCase().split(same).length === part.split(sought).length);
  const places = parts.reduce((sum, part) => sum + part.split(sought).length - 1, 0);
  if (isCut || !isSeen || places * other.length > MOST_PUT) return PIECE;
  return parts.map((part) => part.replaceAll(sought, () => other)).join(PIECE);
}

function endsWithStart(text: string, sought: string): boolean {
  return starts(sought).some((start) => text.toLowerCase().endsWith(start));
}

function startsWithEnd(text: string, sought: string): boolean {
  return starts(sought).some((start) => text.toLowerCase().startsWith(sought.slice(start.length).toLowerCase()));
}

/** What it begins with, but for the whole. */
function starts(sought: string): readonly string[] {
  const lower = sought.toLowerCase();
  return Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(0, index + 1));
}
