import type { DialectTraits } from '../../dialect.js';
import type { Token } from '../token.js';

/** SQL in a string of SQL. */
export interface WrittenText {
  /** What the string says. */
  readonly text: string;
  /** The same string, prefix and quotes included, with another text. */
  readonly with: (text: string) => string;
}

/**
 * Quotes are doubled in `'…'` and `"…"`, or escaped where backslashes do that, as they may be in BigQuery's `"""…"""`;
 * in `$$ … $$` and raw strings they stand as they are.
 */
export function writtenText(sql: string, { text: raw, start, end }: Token, traits: DialectTraits): WrittenText {
  const from = beginningOf(raw, sql, start, end);
  const [opening, closing] = [sql.slice(start, from), sql.slice(from + raw.length, end)];
  const quote = closing.length === 1 ? closing : '';
  const isRaw = traits.tripleQuotedStrings === true && /r/i.test(opening);
  if (traits.tripleQuotedStrings === true && !isRaw && closing.length === 3) return inTriple(raw, opening, closing);
  const isQuoted = !isRaw && (quote === "'" || quote === '"') && !/^q/i.test(opening);
  if (!isQuoted) return { text: raw, with: (text) => `${opening}${text}${closing}` };
  const single = raw.replaceAll(quote + quote, quote);
  const text = traits.backslashEscapes || /^e/i.test(opening) ? single.replaceAll(/\\(['"])/g, '$1') : single;
  return { text, with: (other) => `${opening}${other.replaceAll(quote, quote + quote)}${closing}` };
}

function inTriple(raw: string, opening: string, closing: string): WrittenText {
  const quote = closing.charAt(0);
  return {
    text: raw.replaceAll(/\\(['"`])/g, '$1'),
    with: (text) => {
      const isMistaken = text.includes(closing) || text.endsWith(quote);
      return `${opening}${isMistaken ? text.replaceAll(quote, `\\${quote}`) : text}${closing}`;
    },
  };
}

/** Where the token's text begins: one of quotes alone (`''''`) would be found a quote too early. */
function beginningOf(raw: string, sql: string, start: number, end: number): number {
  const from = end - 1 - raw.length;
  return sql[from - 1] === sql[end - 1] && sql.startsWith(raw, from) ? from : sql.indexOf(raw, start);
}
