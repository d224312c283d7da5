import { PIECE } from './piece.js';

/** Stands in front of a text that may be empty instead, as long as it is not known what it is put behind. */
const MAYBE_EMPTY = '\u0001';
/** What a name may end with, or go on with. */
const ENDS_IN_NAME = /[\w$#@]$/;
const NAME_PART = /^[\w$#@.]+/;

/** A rest of a name that may be empty; a clause that begins with a blank may be read as if it stood there. */
export function maybeEmpty(text: string): string {
  return NAME_PART.test(text) ? `${MAYBE_EMPTY}${text}` : text;
}

/** With nothing in front of it. */
export function alone(text: string): string {
  return text.startsWith(MAYBE_EMPTY) ? text.slice(MAYBE_EMPTY.length) : text;
}

/** What `added` makes of a text that it is put behind: behind a name, a part that may be empty is not known. */
export function glued(text: string, added: string): string {
  if (added.startsWith(MAYBE_EMPTY)) {
    if (text === '') return added;
    const known = alone(added);
    return text + (ENDS_IN_NAME.test(alone(text)) || known.startsWith('.') ? known.replace(NAME_PART, PIECE) : known);
  }
  // a name in brackets is whole: a clause follows
  return added.startsWith(PIECE) && /[\])]$/.test(text) ? `${text} ${added}` : text + added;
}
