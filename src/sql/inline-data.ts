import type { Dialect } from './dialect.js';
import type { Token } from './reader/token.js';

/** Formats of ClickHouse whose data are written as SQL. */
const SQL_FORMAT = /^values$/;

/** Whatever has none of these has no rows in it: most texts. */
const MAY_HAVE_SOME = /\bp?stdin\b/i;
const MAY_HAVE_FORMAT = /\bformat\b/i;

/** What finds the rows in a text that may have some. */
export function inlineData(sql: string, dialect: Dialect): InlineData | undefined {
  const may = MAY_HAVE_SOME.test(sql) || (dialect === 'clickhouse' && MAY_HAVE_FORMAT.test(sql));
  return may ? new InlineData(sql, dialect) : undefined;
}

/**
 * Finds the rows that clients send behind a statement, which are no SQL: behind `COPY t FROM stdin;` up to `\.`, and
 * behind ClickHouse's `INSERT INTO t FORMAT CSV` up to the end.
 */
export class InlineData {
  #copies = false;
  #inserts = false;
  /** INSERT … SELECT of ClickHouse takes rows only through `input(…)`. */
  #takesRows = true;
  /** `FORMAT` and its name, `FROM` and `stdin` were seen. */
  #follow: 'nothing' | 'stdin' | 'format' = 'nothing';
  #last = '';
  #isFirst = true;

  constructor(
    private readonly sql: string,
    private readonly dialect: Dialect
  ) {}

  take({ word, kind }: Token): void {
    if (this.#isFirst || (this.#last === '\\' && word === 'copy')) {
      this.#copies = word === 'copy' || (word === '\\' && this.dialect !== 'mysql');
      this.#inserts = this.dialect === 'clickhouse' && word === 'insert';
      this.#takesRows = true;
    }
    if (this.#copies && this.#last === 'from' && (word === 'stdin' || word === 'pstdin')) this.#follow = 'stdin';
    if (this.#inserts && word === 'select') this.#takesRows = false;
    if (this.#inserts && word === '(' && this.#last === 'input') this.#takesRows = true;
    if (this.#inserts && this.#takesRows && this.#last === 'format' && kind === 'word' && !SQL_FORMAT.test(word))
      this.#follow = 'format';
    this.#isFirst = word === ';';
    this.#last = word;
  }

  /** Behind the rows that begin at `at`, if they do. */
  endAt(at: number): number | undefined {
    if (this.#follow === 'nothing') return undefined;
    if (this.#follow === 'stdin' && this.#last !== ';' && !this.#beginsRows(at)) return undefined;
    const isCopy = this.#follow === 'stdin';
    this.#follow = 'nothing';
    this.#isFirst = true;
    if (!isCopy) return this.sql.length;
    const end = /(?:^|\s|\\n)\\\.(?=\s|$|\\[nr])/.exec(this.sql.slice(Math.max(0, at - 1)));
    // a text of several statements, whose rows are sent apart
    if (end === null && STATEMENT.test(this.sql.slice(at, at + MOST_BEFORE))) return undefined;
    return end === null ? this.sql.length : Math.max(0, at - 1) + end.index + end[0].length;
  }

  /** The `;` is left out, as of psql's \copy: rows begin in the next line, unless an option does. */
  #beginsRows(at: number): boolean {
    if (this.#last === 'stdin' || this.#last === 'pstdin' || this.#last === ')')
      return (
        /\n[ \t]*$/.test(this.sql.slice(Math.max(0, at - MOST_INDENTED), at)) &&
        !OPTION.test(this.sql.slice(at, at + 30))
      );
    return false;
  }
}

const STATEMENT_WORDS = [
  ...['select', 'with', 'values', 'table', 'insert', 'update', 'delete', 'merge', 'copy', 'truncate', 'call', 'do'],
  ...['create', 'alter', 'drop', 'refresh', 'comment', 'grant', 'revoke', 'import', 'security', 'reassign', 'cluster'],
  ...['analyze', 'vacuum', 'reindex', 'checkpoint', 'explain', 'show', 'set', 'reset', 'discard', 'load', 'lock'],
  ...[
    'begin',
    'start',
    'commit',
    'end',
    'rollback',
    'abort',
    'savepoint',
    'release',
    'prepare',
    'execute',
    'deallocate',
  ],
  ...['declare', 'fetch', 'move', 'close', 'listen', 'unlisten', 'notify'],
];
/** Behind comments, or in brackets; a row may begin with the same word, before a sign between its values. */
const STATEMENT = new RegExp(
  String.raw`^(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)*(?:\(\s*)*(?:${STATEMENT_WORDS.join('|')})\b(?! *[\t,|])`,
  'i'
);
const OPTION = /^(?:with|where|delimiter|null|csv|binary|header|quote|escape|force|encoding|format|\()/i;
const MOST_INDENTED = 100;
/** Comments included. */
const MOST_BEFORE = 10_000;
