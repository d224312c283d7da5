import type { DialectTraits } from '../dialect.js';
import type { Token } from './token.js';

/** SQL in a string of SQL. */
export interface WrittenText {
  /** What the string says. */
  readonly text: string;
  /** The same string, prefix and quotes included, with another text. */
  readonly with: (text: string) => string;
}

/**
 * Quotes are doubled in `'…'` and `"…"`, or escaped where backslashes do that; in `$$ … $$` and `"""…"""` they stand as
 * they are.
 */
export function writtenText(sql: string, { text: raw, start, end }: Token, traits: DialectTraits): WrittenText {
  const from = sql.indexOf(raw, start);
  const [opening, closing] = [sql.slice(start, from), sql.slice(from + raw.length, end)];
  const quote = closing.length === 1 ? closing : '';
  const isQuoted = (quote === "'" || quote === '"') && !/^q/i.test(opening);
  if (!isQuoted) return { text: raw, with: (text) => `${opening}${text}${closing}` };
  const single = raw.replaceAll(quote + quote, quote);
  const text = traits.backslashEscapes || /^e/i.test(opening) ? single.replaceAll(/\\(['"])/g, '$1') : single;
  return { text, with: (other) => `${opening}${other.replaceAll(quote, quote + quote)}${closing}` };
}
