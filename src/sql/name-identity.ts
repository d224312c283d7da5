import type { DialectTraits } from './dialect.js';
import type { NamePart } from './tree.js';

/** Stands in front of each letter that a quoted name has in another case than unquoted names are stored in. */
const MARK = '\u0002';

type Folds = Pick<DialectTraits, 'foldsNames' | 'exactNames'>;

/**
 * A name for comparisons: two are equal, ignoring case, when the engine takes them for one. Where unquoted names fold
 * and quoted ones are kept, `"A"` and `a` are two; where the server has exact names, `A` and `a` are.
 */
export function identityOf({ text, quoted }: NamePart, { foldsNames, exactNames }: Folds): string {
  if (exactNames === true) return markedLetters(text, text.toLowerCase());
  if (!quoted || foldsNames === undefined) return text;
  const stored = foldsNames === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return stored === text ? text : markedLetters(text, stored);
}

function markedLetters(text: string, stored: string): string {
  // A letter whose other case has more characters (ß, İ) tells nothing by its place.
  if (stored.length !== text.length) return MARK + text;
  return Array.from({ length: text.length }, (_, at) =>
    text.charAt(at) === stored.charAt(at) ? text.charAt(at) : MARK + text.charAt(at)
  ).join('');
}

/** The same of a column: servers with exact names of tables ignore the case of columns. */
export function columnIdentity(part: NamePart, { foldsNames }: Pick<DialectTraits, 'foldsNames'>): string {
  return foldsNames === undefined || !part.quoted ? part.text : identityOf(part, { foldsNames });
}

/** Only a name in quotes, and in this case, is the same. */
export function isExactIdentity(identity: string): boolean {
  return identity.includes(MARK);
}

/** The name that an identity is made from. */
export function nameIn(identity: string): string {
  return identity.includes(MARK) ? identity.replaceAll(MARK, '') : identity;
}

/** The name as the engine stores it, where the dialect tells; else as written. */
export function storedName({ text, quoted }: NamePart, { foldsNames }: Folds): string {
  if (quoted || foldsNames === undefined) return text;
  return foldsNames === 'lower' ? text.toLowerCase() : text.toUpperCase();
}
