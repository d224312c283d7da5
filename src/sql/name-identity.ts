import type { DialectTraits } from './dialect.js';
import type { NamePart } from './tree.js';

/** Stands in front of each letter that a quoted name has in another case than unquoted names are stored in. */
const MARK = '\u0002';

type Folds = Pick<DialectTraits, 'foldsNames'>;

/**
 * A name for comparisons: two are equal, ignoring case, when the engine takes them for one. Where unquoted names fold
 * and quoted ones are kept, `"A"` and `a` are two.
 */
export function identityOf({ text, quoted }: NamePart, { foldsNames }: Folds): string {
  if (!quoted || foldsNames === undefined) return text;
  const stored = foldsNames === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return stored === text ? text : markedLetters(text, stored);
}

/** The same where names of either case are two, quoted or not. */
export function exactIdentity(text: string): string {
  return markedLetters(text, text.toLowerCase());
}

function markedLetters(text: string, stored: string): string {
  // A letter whose other case has more characters (ß, İ) tells nothing by its place.
  if (stored.length !== text.length) return MARK + text;
  return Array.from({ length: text.length }, (_, at) =>
    text.charAt(at) === stored.charAt(at) ? text.charAt(at) : MARK + text.charAt(at)
  ).join('');
}

/** The name that an identity is made from. */
export function nameIn(identity: string): string {
  return identity.replaceAll(MARK, '');
}

/** The name as the engine stores it, where the dialect tells; else as written. */
export function storedName({ text, quoted }: NamePart, { foldsNames }: Folds): string {
  if (quoted || foldsNames === undefined) return text;
  return foldsNames === 'lower' ? text.toLowerCase() : text.toUpperCase();
}
