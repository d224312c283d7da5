import type { DialectTraits } from '../dialect.js';

/**
 * `word`: unquoted name or keyword · `quoted`: quoted name, `text` without its quotes · `string`: literal, `text` its
 * content · `parameter`: `?`, `@x`, `%(x)s` · everything else is `punct`, one operator per token.
 */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'punct' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Names and strings without quotes, everything else as written. */
  readonly text: string;
  /** `text` in lower case for words, `text` for operators, empty otherwise: what keywords are compared with. */
  readonly word: string;
  /** Offset of the first character in the SQL. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

export interface TokenList {
  readonly sql: string;
  /** How the SQL was tokenized. */
  readonly traits: DialectTraits;
  readonly tokens: readonly Token[];
  /** For the index of `(`, `[` or `{` the index of what closes it, or the length of the list when nothing does. */
  readonly closes: ReadonlyMap<number, number>;
  /** False when a quote, comment or bracket is left open: the text was cut or isn't SQL. */
  readonly whole: boolean;
}
