import type { Dialect, DialectTraits } from '../dialect.js';
import { dialectTraits } from '../dialect.js';
import type { Statement } from '../statement-tree.js';
import type { Token, TokenList } from './token.js';

const END: Token = { kind: 'end', text: '', word: '', start: 0, end: 0 };

/** Subqueries deeper than this are not read: the JavaScript stack must never be what sets the limit. */
const MAX_DEPTH = 150;

/** A place in a token list, with the doubts met on the way. All readers share one cursor per text. */
export class Cursor {
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly dialect: Dialect;
  readonly traits: DialectTraits;
  at = 0;
  /** Why the reading may be wrong; empty = understood to the last token. */
  readonly doubts: string[] = [];
  /** True inside a procedure's body, where `SELECT … INTO x` fills a variable. */
  inBody = false;
  /** Statements found inside others (`WITH x AS (INSERT …)`). */
  readonly side: Statement[] = [];
  /** True when a literal affects the reading: then SQL that only differs in literals may differ in lineage. */
  usesLiterals = false;
  /** NULL is joined as an empty text where the text begins: T-SQL's CONCAT_NULL_YIELDS_NULL is OFF. */
  joinsNulls = false;
  /** Variables of a body that take precedence over columns of the same name, in lower case (MySQL's). */
  readonly variables = new Set<string>();
  /** What loops around the place that is read call their rows, in lower case: `FOR r IN (SELECT …) DO`. */
  readonly loopRows: string[] = [];
  /** How many string literals this text was unpacked from. */
  nesting = 0;
  #depth = 0;
  #connectsBy: boolean | undefined;
  #runStart = 0;
  #runEnd = 0;

  constructor(
    readonly list: TokenList,
    dialect: Dialect,
    traits: DialectTraits = dialectTraits(dialect)
  ) {
    this.sql = list.sql;
    this.tokens = list.tokens;
    this.dialect = dialect;
    this.traits = traits;
  }

  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? END;
  }

  token(index: number): Token {
    return this.tokens[index] ?? END;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  /** True when these words come next, in this order. */
  sees(...words: readonly string[]): boolean {
    for (let index = 0; index < words.length; index += 1) {
      if (this.peek(index).word !== words[index]) return false;
    }
    return true;
  }

  /** Steps over the words if all of them come next. */
  take(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.at += words.length;
    return true;
  }

  seesAny(words: ReadonlySet<string>): boolean {
    return words.has(this.peek().word);
  }

  /** Index of what closes the bracket at `index`; the list's length when nothing does. */
  closeOf(index: number): number {
    return this.list.closes.get(index) ?? this.tokens.length;
  }

  /**
   * Index of the first token from `index` on that isn't `(`. A run of brackets is walked once, however often it is
   * asked about: a million of them must not cost a million walks.
   */
  afterBrackets(index: number): number {
    if (index >= this.#runStart && index < this.#runEnd) return this.#runEnd;
    let end = index;
    while (this.token(end).word === '(') end += 1;
    this.#runStart = index;
    this.#runEnd = end;
    return end;
  }

  /** True for a variable of the body that is read, or a field of one; `last` is the name's last part, in lower case. */
  isVariable(parts: readonly string[], last: string): boolean {
    if (parts.length === 1 && this.variables.has(last)) return true;
    return this.loopRows.length > 0 && this.loopRows.includes(parts[0]?.toLowerCase() ?? '');
  }

  /** True when there is a CONNECT BY, which makes LEVEL a pseudo-column. */
  get connectsBy(): boolean {
    this.#connectsBy ??= this.tokens.some(
      ({ word }, index) => word === 'connect' && this.token(index + 1).word === 'by'
    );
    return this.#connectsBy;
  }

  /** Steps over a bracketed group when one starts here. */
  skipGroup(): boolean {
    if (!this.sees('(') && !this.sees('[')) return false;
    this.at = this.closeOf(this.at) + 1;
    return true;
  }

  doubt(reason: string): void {
    if (this.doubts.length < 8) this.doubts.push(reason);
  }

  /** Runs `read` one level deeper; `undefined` when that is too deep. */
  deeper<T>(read: () => T): T | undefined {
    if (this.#depth >= MAX_DEPTH) {
      this.doubt('nested too deeply');
      return undefined;
    }
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** The text from one token up to another, exclusive, as written. */
  textBetween(from: number, to: number): string {
    if (to <= from) return '';
    return this.sql.slice(this.token(from).start, this.token(to - 1).end);
  }
}
