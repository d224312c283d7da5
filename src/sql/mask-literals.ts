import type { Dialect } from './dialect.js';
import { traitsOf } from './token-front-end.js';
import { scanTokens } from './reader/lexer.js';
import { TYPE_WORDS } from './reader/keywords.js';
import type { Token } from './reader/token.js';

const SEQUENCE_CALLS: ReadonlySet<string> = new Set(['nextval', 'currval', 'setval', 'lastval', 'identifier']);
const POSITION_ENDS: ReadonlySet<string> = new Set(
  'limit having union intersect except minus select where window offset fetch for qualify order group insert into ;'.split(
    ' '
  )
);

/**
 * The text with every string and number replaced by `?`, for storing. Left as they are: positions in GROUP BY and ORDER BY, names in
 * sequence calls and IDENTIFIER(…), lengths of types, comments. A body in `$$ … $$` is masked inside.
 */
export function maskLiterals(sql: string, dialect: Dialect): string {
  const traits = traitsOf(sql, dialect);
  const mask = new Mask(sql, dialect);
  scanTokens(sql, traits, (token) => mask.take(token));
  return mask.text();
}

class Mask {
  readonly #pieces: string[] = [];
  #copied = 0;
  #before: Token | undefined;
  #last: Token | undefined;
  /** Open brackets: true where literals stay. */
  readonly #brackets: boolean[] = [];
  /** Bracket depth of the GROUP BY or ORDER BY being read, -1 outside. */
  #positionDepth = -1;

  constructor(
    private readonly sql: string,
    private readonly dialect: Dialect
  ) {}

  take(token: Token): boolean {
    const { word } = token;
    if (word === '(') this.#brackets.push(this.#keepsLiterals());
    else if (word === ')') {
      this.#brackets.pop();
      if (this.#brackets.length < this.#positionDepth) this.#positionDepth = -1;
    } else if (word === 'by' && /^(group|order)$/.test(this.#last?.word ?? ''))
      this.#positionDepth = this.#brackets.length;
    else if (this.#positionDepth === this.#brackets.length && POSITION_ENDS.has(word)) this.#positionDepth = -1;
    else if (token.kind === 'string' || token.kind === 'number') this.#literal(token);
    this.#before = this.#last;
    this.#last = token;
    return true;
  }

  /** At an opening bracket: does it belong to a type or to a call that names a sequence? */
  #keepsLiterals(): boolean {
    const word = this.#last?.word ?? '';
    if (SEQUENCE_CALLS.has(word)) return true;
    const isTyped =
      this.#before?.word === 'as' ||
      this.#before?.word === '::' ||
      this.#before?.kind === 'word' ||
      this.#before?.kind === 'quoted';
    return TYPE_WORDS.has(word) && isTyped;
  }

  #literal(token: Token): void {
    if (this.#brackets[this.#brackets.length - 1] === true) return;
    const isPosition =
      token.kind === 'number' &&
      this.#positionDepth === this.#brackets.length &&
      /^(by|,)$/.test(this.#last?.word ?? '');
    if (isPosition) return;
    this.#pieces.push(this.sql.slice(this.#copied, token.start), this.#replacement(token));
    this.#copied = token.end;
  }

  #replacement(token: Token): string {
    if (this.sql.charAt(token.start) !== '$') return '?';
    const tag = this.sql.slice(token.start, this.sql.indexOf('$', token.start + 1) + 1);
    return `${tag}${maskLiterals(token.text, this.dialect)}${tag}`;
  }

  text(): string {
    return this.#pieces.join('') + this.sql.slice(this.#copied);
  }
}
