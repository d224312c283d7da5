import type { MeasureDialect } from './measure-dialect.js';
import { WordPlaces, type WordPlace } from './word-places.js';

/** Thrown for a user's SQL that isn't a single statement that only reads; the message says why. */
export class NotReadOnly extends Error {
  override readonly name = 'NotReadOnly';
}

/** What of an engine decides how users' SQL is read. */
export type UsersSqlDialect = Pick<MeasureDialect, 'backslashIn' | 'changing'>;

/** What a statement that only reads may begin with. */
const READS = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'FROM']);

/**
 * What a statement that writes begins with; inside another one, after a bracket: `WITH x AS (…) DELETE …`, `WITH x AS
 * (DELETE …)`.
 */
const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'REPLACE']);

/**
 * A user's query as it may be sent: one statement, without its closing semicolon. Only refused if it certainly writes,
 * or calls what a read-only session lets through: the session is read-only if the engine can do that, so what isn't
 * noticed here is refused there.
 * @param what names it in messages
 * @param dialect of the engine that will run it; if that isn't known yet, one with backslashes in both quotes
 * @throws NotReadOnly
 */
export function singleReadOnly(
  sql: string,
  what: string,
  { backslashIn, changing }: UsersSqlDialect = { backslashIn: `'"` }
): string {
  const words: Word[] = [];
  const end = scan(sql, words, backslashIn);
  const rest = sql.slice(end + 1);
  const after: Word[] = [];
  if (end < sql.length) scan(rest, after, backslashIn);
  if (after.length > 0 || /\S/.test(withoutComments(rest).replaceAll(';', '')))
    throw new NotReadOnly(`${what} holds more than one statement. Give one.`);
  if (backslashIn.includes('"') && /\/\*M?!/.test(sql))
    throw new NotReadOnly(`${what} is refused: /*! is not a part of users' SQL, as servers of some versions run it.`);
  const plain = words.filter(({ isPlain }) => isPlain);
  const first = plain[0]?.text;
  if (first === undefined) throw new NotReadOnly(`${what} holds no statement.`);
  const write = READS.has(first) ? plain.find((word, index) => isWrite(word, plain[index - 1]?.text))?.text : first;
  if (write !== undefined) {
    const quoted = READS.has(first) && WRITES.has(write) ? ' A column of this name goes in quotes.' : '';
    throw new NotReadOnly(`${what} is refused: ${write} is not a part of a statement that only reads.${quoted}`);
  }
  const called = changing?.exec(words.map((word) => asCalled(word, backslashIn)).join(' '))?.[0];
  if (called === CHAIN)
    throw new NotReadOnly(`${what} is refused: ${CHAIN} runs one statement behind another. Give one that reads.`);
  if (called === IN_CODES)
    throw new NotReadOnly(
      `${what} is refused: U&"…" is not a part of users' SQL, as it hides which function is called. Write names without codes.`
    );
  if (called !== undefined)
    throw new NotReadOnly(
      `${what} is refused: ${called.replace(/[^\w$]/g, '')} does more than read. Write it without; a column of this name goes in quotes, with no table's name before it.`
    );
  return sql.slice(0, end).trim();
}

/**
 * Refuses a user's condition that would leave the brackets that it is put into, or that holds more than a condition.
 * @param what names it in messages
 * @throws NotReadOnly
 */
export function requireReadingCondition(
  sql: string,
  what: string,
  dialect: UsersSqlDialect = { backslashIn: `'"` }
): void {
  singleReadOnly(`SELECT 1 FROM t WHERE (${sql}\n)`, what, dialect);
  if (!hasWholeBrackets(sql, dialect)) throw new NotReadOnly(`${what} has brackets that do not belong together.`);
}

/** Which quotes have backslashes that escape: of one engine or another. */
const BACKSLASHES = [`'"`, `'`, ''];

/** Snowflake's sign between whole statements; other engines read a JSON value with it. */
const CHAIN = '->>';

/** How PostgreSQL begins a name whose characters may stand there as codes; elsewhere an operator and a name. */
const IN_CODES = 'U&';

/** How each kind of users' SQL is refused. */
const REQUIRED = { query: singleReadOnly, condition: requireReadingCondition } as const;

/**
 * Why no engine would be sent this SQL of a user; undefined if one may be. For where the engine's dialect isn't at
 * hand.
 * @param what names it in the reason
 * @param engine whose functions, and whose way to quote, count as well, where it is known
 */
export function refusedAsWriting(
  sql: string,
  what: string,
  as: keyof typeof REQUIRED,
  engine: Partial<UsersSqlDialect> = {}
): string | undefined {
  let reason: string | undefined;
  for (const backslashIn of engine.backslashIn === undefined ? BACKSLASHES : [engine.backslashIn]) {
    try {
      REQUIRED[as](sql, what, { ...engine, backslashIn });
      return undefined;
    } catch (error) {
      if (!(error instanceof NotReadOnly)) throw error;
      reason ??= error.message;
    }
  }
  return reason;
}

/** Whether each bracket outside of quotes and comments has its other one. */
function hasWholeBrackets(sql: string, { backslashIn }: Pick<MeasureDialect, 'backslashIn'>): boolean {
  let open = 0;
  for (let at = 0; at < sql.length && open >= 0; at += 1) {
    const skipped = skip(sql, at, backslashIn);
    if (skipped > at) at = skipped - 1;
    else if (sql[at] === '(') open += 1;
    else if (sql[at] === ')') open -= 1;
  }
  return open === 0;
}

interface Word {
  readonly text: string;
  /** The character before it, ignoring blanks and comments. */
  readonly behind: string;
  /** An opening bracket follows. */
  readonly called: boolean;
  /** What follows can't stand behind the first word of a statement that writes. */
  readonly isOperand: boolean;
  /** Neither in quotes nor behind a dot: it may be a keyword. */
  readonly isPlain: boolean;
  readonly place: WordPlace;
}

/** As `MeasureDialect.changing` reads it. */
function asCalled({ text, behind, called, place }: Word, backslashIn: string): string {
  const isNone = backslashIn === '' && place !== 'other';
  return `${behind === '.' ? '.' : ''}${text}${called ? '(' : ''}${isNone ? '=' : ''}`;
}

/**
 * Operators, the end of brackets, and words that no engine takes for a table's name without quotes. Not a point, with
 * which a table's name may begin on MySQL, nor what a comment begins with.
 */
const OPERAND = /^([+*%=<>!|&^~,)]|::|-(?!-)|\/(?![/*])|(AND|AS|IN|IS|NOT|OR)(?![\w$\u0080-\uffff]))/i;

const NO_WORD = { called: false, isOperand: false, isPlain: false, place: 'other' } as const;

/**
 * `SELECT … INTO` writes a table, a file or a variable; `FOR UPDATE`, `FOR SHARE` and `LOCK IN SHARE MODE` lock;
 * `EXPLAIN ANALYZE DELETE` deletes.
 */
function isWrite({ text, behind, called, isOperand }: Word, before: string | undefined): boolean {
  if (text === 'INTO') return true;
  if ((text === 'UPDATE' || text === 'SHARE') && /^(FOR|KEY|IN)$/.test(before ?? '')) return true;
  // functions have such names; MySQL updates a table in brackets
  if (!WRITES.has(text) || (called && text !== 'UPDATE') || isOperand) return false;
  return behind === '(' || behind === ')' || before === 'EXPLAIN' || before === 'ANALYZE';
}

/** Collects the words up to the first semicolon outside of quotes; returns its position, or the length. */
function scan(sql: string, words: Word[], backslashIn: string): number {
  const places = new WordPlaces();
  let last = '';
  const add = (text: string, isPlain: boolean, end: number): void => {
    const at = next(sql, end, backslashIn);
    const sign = sql[at] ?? '';
    const isOperand = OPERAND.test(sql.slice(at, at + 4));
    words.push({
      ...{ text, behind: last, isPlain, isOperand },
      ...{ called: sign === '(', place: places.word(text, isPlain, sign) },
    });
  };
  for (let at = 0; at < sql.length; at += 1) {
    const character = sql[at] ?? '';
    if (character === ';') return at;
    const skipped = skip(sql, at, backslashIn);
    if (skipped > at) {
      const quoted = sql.slice(at + 1, skipped - 1);
      if (character === '"' && /(^|[^\w$])u&$/i.test(sql.slice(Math.max(0, at - 3), at)))
        words.push({ ...NO_WORD, behind: last, text: IN_CODES });
      // a function's name may stand in quotes, and a sequence's next value
      if (/["`]/.test(character) && sql[next(sql, skipped, backslashIn)] === '(')
        add(quoted.toUpperCase(), false, skipped);
      else if (character === '"' && last === '.') add(quoted, false, skipped);
      else if (/['"`$]/.test(character)) places.sign(character);
      if (/['"`$]/.test(character)) last = character;
      at = skipped - 1;
      continue;
    }
    if (sql.startsWith(CHAIN, at)) words.push({ ...NO_WORD, behind: last, text: CHAIN });
    const word = wordAt(sql, at);
    if (word !== undefined) {
      at += word.length - 1;
      add(word.toUpperCase(), last !== '.' && last !== '@', at + 1);
      last = 'a';
    } else if (/\S/.test(character)) {
      places.sign(character);
      last = character;
    }
  }
  return sql.length;
}

const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;

function wordAt(sql: string, at: number): string | undefined {
  WORD.lastIndex = at;
  return WORD.exec(sql)?.[0];
}

/** The position of the first character behind blanks and comments; the length at the end. */
function next(sql: string, from: number, backslashIn: string): number {
  let at = from;
  for (;;) {
    if (/\s/.test(sql[at] ?? '')) at += 1;
    else if (/[/#-]/.test(sql[at] ?? '') && skip(sql, at, backslashIn) > at) at = skip(sql, at, backslashIn);
    else return at;
  }
}

/** The position after the quoted text, name or comment that begins at `at`; `at` itself if none does. */
function skip(sql: string, at: number, backslashIn: string): number {
  const character = sql[at] ?? '';
  // PostgreSQL's E'it\'s'
  if (character === "'" && backslashIn === '' && /(^|[^\w$])e$/i.test(sql.slice(Math.max(0, at - 2), at)))
    return behindEscaped(sql, at);
  if (character === "'" || character === '"' || character === '`') return behindQuote(sql, at, character, backslashIn);
  // MySQL's executable comments aren't comments, nor are MariaDB's
  if (/^\/\*M?!/.test(sql.slice(at, at + 4))) return at;
  const nests = backslashIn === '';
  if (sql.startsWith('/*', at)) return nests ? behindNested(sql, at) : behind(sql, '*/', at + 2);
  const isMysql = backslashIn.includes('"');
  // where two signs are no comment without a blank or a control character behind them, and $ is a letter
  if (isMysql)
    return character === '#' || /^--([\s\p{Cc}]|$)/u.test(sql.slice(at, at + 3)) ? behind(sql, '\n', at) : at;
  const isSnowflake = backslashIn === "'";
  if (isSnowflake && sql.startsWith('//', at)) return behind(sql, '\n', at);
  if (sql.startsWith('--', at)) return nests ? behindLine(sql, at) : behind(sql, '\n', at);
  const dollars = /^\$([A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 66))?.[0];
  return dollars === undefined ? at : behind(sql, dollars, at + dollars.length);
}

function behindQuote(sql: string, at: number, quote: string, backslashIn: string): number {
  for (let index = at + 1; index < sql.length; index += 1) {
    if (sql[index] === '\\' && backslashIn.includes(quote)) index += 1;
    else if (sql[index] === quote) return index + 1;
  }
  return sql.length;
}

/** PostgreSQL's `E'…'`, which may go on in quotes on another line. */
function behindEscaped(sql: string, at: number): number {
  let end = behindQuote(sql, at, "'", "'");
  for (let more = NEXT_LINE.exec(sql.slice(end)); more !== null; more = NEXT_LINE.exec(sql.slice(end)))
    end = behindQuote(sql, end + more[0].length - 1, "'", "'");
  return end;
}

const NEXT_LINE = /^\s*[\r\n]\s*'/;

/** PostgreSQL's comments have comments of their own in them. */
function behindNested(sql: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

function behindLine(sql: string, at: number): number {
  const length = sql.slice(at).search(/[\r\n]/);
  return length === -1 ? sql.length : at + length + 1;
}

function behind(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found === -1 ? sql.length : found + mark.length;
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|#[^\n]*|\/\*(?!!)[\s\S]*?\*\//g, '');
}
