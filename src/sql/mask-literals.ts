import { ClientLogins } from './client-logins.js';
import type { Dialect } from './dialect.js';
import { inlineData, type InlineData } from './inline-data.js';
import { NamingLiterals } from './naming-literals.js';
import type { SqlSession } from './sql-session.js';
import { traitsOf } from './token-front-end.js';
import { scanTokens } from './reader/lexer.js';
import { SecretWords } from './secret-words.js';
import { TYPE_WORDS } from './reader/keywords.js';
import type { Token } from './reader/token.js';

const SEQUENCE_CALLS: ReadonlySet<string> = new Set(['nextval', 'currval', 'setval', 'lastval', 'identifier']);
const POSITION_ENDS: ReadonlySet<string> = new Set(
  'limit having union intersect except minus select where window offset fetch for qualify order group insert into ;'.split(
    ' '
  )
);

/** What follows a number in the middle of a name of BigQuery: `-05.s`, `.s`. */
const DASHED_ON = /(?:-\d+)*\.[A-Za-z_`]/y;

/** What the number of a bind stands behind: `:1`. */
const BIND_SIGNS: Readonly<Partial<Record<Dialect, readonly string[]>>> = {
  oracle: [':'],
  snowflake: [':'],
  sqlite: [':', '?'],
};

/** With a login, or with parameters, which may be signatures. */
const ADDRESS = /:\/\/(?:[^/@]*:[^@]*@|[^?]*\?)/;

const LANGUAGE = /\blanguage\s+['"]?(\w+)/i;
/** PostgreSQL names a body's language behind it, too, among other options. */
const LANGUAGE_BEHIND = /^[^;$']*?\blanguage\s+['"]?(\w+)/i;
const MOST_BEHIND = 500;
const MOST_BEFORE = 5_000;

const BEFORE_BODIES: ReadonlySet<string> = new Set(['as', 'do', 'execute', 'immediate']);

/** The marks of MySQL's versioned comments: what is between them is code. */
const VERSION_MARKS = /^\s*(?:(?:\/\*M?!\d*|\*\/)\s*)+$/;

/**
 * The SQL with strings, numbers and secrets replaced by `?` and comments by a blank, for storing. Left as they are:
 * positions in GROUP BY and ORDER BY, names in sequence calls and IDENTIFIER(…), lengths of types. A body in `$$ … $$`
 * is masked inside, any other string in these is replaced as those in quotes are. Where quotes don't close, they may
 * mean something else than they do here (NO_BACKSLASH_ESCAPES): nothing behind the first string is kept.
 */
export function maskLiterals(sql: string, dialect: Dialect, session?: SqlSession): string {
  return masked(sql, dialect, session).text;
}

export interface MaskedText {
  readonly text: string;
  /** What is masked may say which tables it uses: the same text of another statement may use others. */
  readonly hidesTables: boolean;
}

/** `maskLiterals` for SQL that was tokenized completely; undefined if its quotes or comments don't close. */
export function maskWholeText(sql: string, dialect: Dialect, session?: SqlSession): MaskedText | undefined {
  const { text, hidesTables, whole } = masked(sql, dialect, session);
  return whole ? { text, hidesTables } : undefined;
}

function masked(sql: string, dialect: Dialect, session?: SqlSession): MaskedText & { readonly whole: boolean } {
  const mask = new Mask(sql, dialect);
  const whole = scanTokens(
    sql,
    traitsOf(sql, dialect, session),
    (token) => mask.take(token),
    (at, isBetween) => mask.endOfHidden(at, isBetween)
  );
  return { text: mask.text(whole), hidesTables: mask.hidesTables, whole };
}

class Mask {
  readonly #pieces: string[] = [];
  /** Pieces up to the first string. */
  #safe: number | undefined;
  #copied = 0;
  #before: Token | undefined;
  #last: Token | undefined;
  #statementStart = 0;
  /** Open brackets: true where literals stay. */
  readonly #brackets: boolean[] = [];
  /** Bracket depth of the GROUP BY or ORDER BY being read, -1 outside. */
  #positionDepth = -1;
  readonly #naming = new NamingLiterals();
  readonly #secrets: SecretWords;
  readonly #logins: ClientLogins;
  readonly #data: InlineData | undefined;
  #bodyHidesTables = false;

  constructor(
    private readonly sql: string,
    private readonly dialect: Dialect
  ) {
    this.#secrets = new SecretWords(dialect);
    this.#logins = new ClientLogins(sql, dialect);
    this.#data = inlineData(sql, dialect);
  }

  get hidesTables(): boolean {
    return this.#bodyHidesTables || this.#naming.found;
  }

  /** Behind what is no SQL and is left out: rows that follow a statement, commands of clients with logins. */
  endOfHidden(at: number, isBetween: boolean): number | undefined {
    const data = this.#data?.endAt(at);
    if (data !== undefined) return data;
    const command = this.#logins.endAt(at, isBetween);
    // \connect may choose a database
    if (command !== undefined) this.#bodyHidesTables = true;
    return command;
  }

  take(token: Token): boolean {
    const { word } = token;
    this.#data?.take(token);
    this.#naming.take(token, this.#last);
    const isSecret = this.#secrets.take(token, this.#last);
    this.#leaveOutComments(token.start);
    if (isSecret) this.#secret(token);
    else if (word === '(') this.#brackets.push(this.#keepsLiterals());
    else if (word === ')') {
      this.#brackets.pop();
      if (this.#brackets.length < this.#positionDepth) this.#positionDepth = -1;
    } else if (word === 'by' && /^(group|order)$/.test(this.#last?.word ?? ''))
      this.#positionDepth = this.#brackets.length;
    else if (this.#positionDepth === this.#brackets.length && POSITION_ENDS.has(word)) this.#positionDepth = -1;
    else if (token.kind === 'string' || token.kind === 'number') this.#literal(token);
    else if (token.kind === 'quoted' && ADDRESS.test(token.text)) this.#address(token);
    if (word === ';') this.#statementStart = token.end;
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
    if (isPosition || (token.kind === 'number' && (this.#isOfName(token) || this.#isOfBind(token)))) return;
    this.#pieces.push(this.sql.slice(this.#copied, token.start), this.#replacement(token));
    this.#copied = token.end;
    if (token.kind === 'string') this.#safe ??= this.#pieces.length;
  }

  /** A name that is an address may carry a login or a key: csv.`s3a://key:secret@b/x`. */
  #address(token: Token): void {
    this.#bodyHidesTables = true;
    this.#secret(token);
  }

  /** `s.2024`, and BigQuery's `my-project-2024-05.s.t`. */
  #isOfName({ start, end }: Token): boolean {
    const last = this.#last;
    if (last?.end !== start) return false;
    if (last.word === '.') return true;
    if (this.dialect !== 'bigquery' || last.word !== '-' || this.#before?.end !== last.start) return false;
    DASHED_ON.lastIndex = end;
    return DASHED_ON.test(this.sql);
  }

  /** A bind's number says nothing; behind a key, as in `JSON_OBJECT('a':1)`, it is a value. */
  #isOfBind({ start }: Token): boolean {
    const sign = this.#last;
    if (sign?.end !== start || BIND_SIGNS[this.dialect]?.includes(sign.text) !== true) return false;
    const before = this.#before;
    if (before?.kind === 'word') return before.end < sign.start;
    return before?.kind === 'punct' && !/^[)\]}[]$/.test(before.text);
  }

  /** A secret of several tokens is one `?`. */
  #secret(token: Token): void {
    const isMore = this.#copied > 0 && this.#copied === token.start;
    if (!isMore) this.#pieces.push(this.sql.slice(this.#copied, token.start), '?');
    this.#copied = token.end;
    this.#safe ??= this.#pieces.length;
  }

  /** Between two tokens there are blanks and comments only. */
  #leaveOutComments(start: number): void {
    const from = this.#last?.end ?? 0;
    if (start - from < 2) return;
    const gap = this.sql.slice(from, start);
    if (gap.trim() === '' || VERSION_MARKS.test(gap)) return;
    this.#pieces.push(this.sql.slice(this.#copied, from), from === 0 || start === this.sql.length ? '' : ' ');
    this.#copied = start;
  }

  #replacement(token: Token): string {
    if (this.sql.charAt(token.start) !== '$' || !this.#isBody()) return '?';
    if (this.#isForeign(token)) {
      this.#bodyHidesTables = true;
      return '?';
    }
    const tag = this.sql.slice(token.start, this.sql.indexOf('$', token.start + 1) + 1);
    const body = masked(token.text, this.dialect);
    this.#bodyHidesTables ||= body.hidesTables;
    return `${tag}${body.text}${tag}`;
  }

  /** `AS $$ … $$`, `DO $$ … $$`, `DO LANGUAGE plpgsql $$ … $$` and `EXECUTE IMMEDIATE $$ … $$` are code. */
  #isBody(): boolean {
    const word = this.#last?.word ?? '';
    return BEFORE_BODIES.has(word) || this.#before?.word === 'language';
  }

  /** A body in another language, whose strings and comments can't be told. */
  #isForeign({ start, end }: Token): boolean {
    if (this.#last?.word === 'immediate') return false;
    const statement = this.sql.slice(Math.max(this.#statementStart, start - MOST_BEFORE), start);
    const language = LANGUAGE.exec(statement)?.[1] ?? LANGUAGE_BEHIND.exec(this.sql.slice(end, end + MOST_BEHIND))?.[1];
    return language !== undefined && !/^(?:sql|plpgsql|edbspl|plproc)$/i.test(language);
  }

  text(whole: boolean): string {
    this.#leaveOutComments(this.sql.length);
    if (!whole && this.#safe !== undefined) {
      const isCut = this.#safe < this.#pieces.length || this.#copied < this.sql.length;
      return `${this.#pieces.slice(0, this.#safe).join('')}${isCut ? ' …' : ''}`;
    }
    return this.#pieces.join('') + this.sql.slice(this.#copied);
  }
}
