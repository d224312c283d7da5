import type { Dialect } from '../dialect.js';
import { endsBranch, startsBracketedRow, startsKeptStatement } from './batch-statements.js';
import type { Cursor } from './cursor.js';
import { HARD_STATEMENT_WORDS } from './keywords.js';
import { hasPiece } from '../unknown-piece.js';

/** Second words that make a clause of the first one. */
const PAIRS: ReadonlyMap<string, readonly string[]> = new Map([
  ['group', ['by', 'all']],
  ['order', ['by', 'siblings']],
  ['sort', ['by']],
  ['cluster', ['by']],
  ['distribute', ['by']],
  ['partition', ['by']],
  ['connect', ['by']],
  ['start', ['with']],
  ['lateral', ['view']],
  ['fetch', ['first', 'next']],
  ['for', ['update', 'share', 'xml', 'json', 'browse', 'no', 'key', 'read', 'fetch']],
  ['on', ['conflict', 'duplicate']],
  ['option', ['(']],
  ['with', ['no', 'data', 'rollup', 'cube', 'check', 'local', 'cascaded', 'read', 'ur', 'cs', 'rs', 'totals', 'ties']],
  ['lock', ['in']],
  ['log', ['errors']],
  ['model', ['dimension', 'reference', 'partition', 'ignore', 'keep', 'unique', 'return', 'main']],
]);

const ALONE: ReadonlySet<string> = new Set(
  'where having qualify limit union intersect minus returning into offset prewhere settings'.split(' ')
);

const COLUMNS_TOO: ReadonlySet<string> = new Set('limit offset qualify settings prewhere'.split(' '));

/** After these comes a value, not a clause. */
const WANTS_VALUE: ReadonlySet<string> = new Set(
  'select distinct by ( + - / % || = < > <= >= <> != case when then else and or not'.split(' ')
);
/** After these a `*` means all columns. */
const BEFORE_STAR: ReadonlySet<string> = new Set('select distinct all . , ('.split(' '));

/** `SELECT limit - offset, 2 * limit`: nothing but a value can stand at `index`. */
function wantsValue(cursor: Cursor, index: number): boolean {
  const before = cursor.token(index - 1).word;
  const next = cursor.token(index + 1);
  if (before === '*') return !BEFORE_STAR.has(cursor.token(index - 2).word);
  // The comma may be a stray one.
  return WANTS_VALUE.has(before) || (before === ',' && (next.kind === 'punct' || next.word === 'as'));
}

/** True when a clause of a query starts at `index`: what comes before it belongs to something else. */
export function startsClause(cursor: Cursor, index: number): boolean {
  const { word } = cursor.token(index);
  if (word === '' || cursor.token(index - 1).word === '.') return false;
  const next = cursor.token(index + 1);
  if (word === 'from') return !isDistinctFrom(cursor, index) && !isFromFirst(cursor, index);
  // `SELECT a, limit FROM t`: a column of that name.
  if (COLUMNS_TOO.has(word) && (next.word === 'from' || next.word === ',')) return false;
  if (COLUMNS_TOO.has(word) && wantsValue(cursor, index)) return false;
  if (ALONE.has(word)) return next.word !== '(' || word !== 'offset' ? next.word !== '.' && next.word !== '=' : false;
  if (word === 'except') {
    return next.word !== '(' || cursor.token(index - 1).word !== '*';
  }
  if (word === 'format' && cursor.dialect === 'clickhouse')
    return next.kind === 'word' && /^(|;|settings)$/.test(cursor.token(index + 2).word) && !wantsValue(cursor, index);
  if (word === 'window') return next.kind === 'word' && cursor.token(index + 2).word === 'as';
  // BigQuery's `|> AGGREGATE … GROUP AND ORDER BY`.
  if (word === 'group' && next.word === 'and') return cursor.token(index + 2).word === 'order';
  if (startsKeptStatement(cursor, index) || startsUse(cursor, index) || endsBranch(cursor, index)) return true;
  // `INSERT a (x) OUTPUT inserted.i VALUES (1)`
  if (word === 'values' && next.word === '(' && cursor.dialect === 'tsql') return true;
  if (word === 'default' && next.word === 'values') return true;
  const seconds = PAIRS.get(word);
  if (seconds !== undefined) return seconds.includes(next.word);
  return HARD_STATEMENT_WORDS.has(word) && next.word !== '(' && isStatementHead(cursor, index);
}

/** T-SQL keeps USE for the statement; its hints stand in brackets. `USE $(db)` is sqlcmd's. */
export function startsUse(cursor: Cursor, index = cursor.at): boolean {
  if (cursor.dialect !== 'tsql' || cursor.token(index).word !== 'use') return false;
  if (/^(?:\.|,|as)$/.test(cursor.token(index - 1).word)) return false;
  const [next, second] = [cursor.token(index + 1), cursor.token(index + 2)];
  if (next.kind === 'quoted' || hasPiece(next.text)) return true;
  if (next.kind !== 'word') return next.text === '$' && second.word === '(';
  return !NO_DATABASE.test(next.word) && (second.kind !== 'string' || !/^(?:hint|plan)$/.test(next.word));
}

/** Where these follow, texts of other engines have a column called use. */
const NO_DATABASE = /^(?:from|where|and|or|not|as|is|in|like|between|order|group|asc|desc|then|else|end)$/;

/** After these the first word of a statement is a name, or part of a clause (THEN INSERT, BEFORE DELETE). */
const NAME_BEFORE: ReadonlySet<string> = new Set(['as', ',', '.', 'then', 'on', 'or', 'before', 'after']);
/** FOR UPDATE, FOR NO KEY UPDATE, ON DUPLICATE KEY UPDATE, DO UPDATE. */
const UPDATE_BEFORE: ReadonlySet<string> = new Set(['for', 'key', 'do']);

function isStatementHead(cursor: Cursor, index: number): boolean {
  const before = cursor.token(index - 1);
  if (NAME_BEFORE.has(before.word)) return false;
  if (cursor.token(index).word === 'update' && UPDATE_BEFORE.has(before.word)) return false;
  const next = cursor.token(index + 1);
  return next.kind !== 'punct' || next.word === '*' || next.word === '@';
}

/** `NTH_VALUE(a, 2) FROM LAST OVER (…)` counts from an end. */
function isFromFirst(cursor: Cursor, index: number): boolean {
  if (cursor.token(index - 1).word !== ')' || !/^(first|last)$/.test(cursor.token(index + 1).word)) return false;
  return /^(over|ignore|respect)$/.test(cursor.token(index + 2).word);
}

/** `a IS [NOT] DISTINCT FROM b` is an operator. */
function isDistinctFrom(cursor: Cursor, index: number): boolean {
  if (cursor.token(index - 1).word !== 'distinct') return false;
  const before = cursor.token(index - 2).word;
  return before === 'is' || before === 'not';
}

const JOIN_SIDES: ReadonlySet<string> = new Set(
  'left right inner full cross natural asof any all global outer semi anti positional'.split(' ')
);
const JOIN_TAILS: ReadonlySet<string> = new Set(
  'join outer semi anti inner left right full cross asof apply array any all'.split(' ')
);

/** True when a join starts at `index`. */
export function startsJoin(cursor: Cursor, index: number): boolean {
  const { word } = cursor.token(index);
  if (word === 'join' || word === 'straight_join') return true;
  if (word === 'array' && cursor.dialect === 'clickhouse') return cursor.token(index + 1).word === 'join';
  if (!JOIN_SIDES.has(word)) return false;
  // BigQuery's `FULL OUTER UNION`
  if (/^(union|intersect|except)$/.test(cursor.token(index + 2).word)) return false;
  return JOIN_TAILS.has(cursor.token(index + 1).word) || isJoinHint(cursor, index + 1);
}

/** Snowflake's `->>` hands a statement's rows to the next one. */
export function isFlow(cursor: Cursor, word: string): boolean {
  return word === '->>' && cursor.dialect === 'snowflake';
}

const PIPED: ReadonlySet<Dialect> = new Set(['bigquery', 'databricks', 'sparksql']);

/** `|>` hands a query's rows to the next operator. */
export function isPipe(cursor: Cursor, word: string): boolean {
  return word === '|>' && PIPED.has(cursor.dialect);
}

/** How a join is to be carried out: T-SQL's `INNER HASH JOIN`, Snowflake's `CROSS DIRECTED JOIN`. */
export function isJoinHint(cursor: Cursor, index: number): boolean {
  return (
    /^(hash|loop|merge|remote|directed)$/.test(cursor.token(index).word) && cursor.token(index + 1).word === 'join'
  );
}

/** PL/pgSQL's `PERFORM x FROM t` is a SELECT whose rows go nowhere. */
export function startsSelect(cursor: Cursor): boolean {
  return (
    cursor.sees('select') ||
    (cursor.sees('perform') && cursor.inBody && cursor.dialect === 'postgres') ||
    isScriptCall(cursor, cursor.at)
  );
}

const HIVE: ReadonlySet<Dialect> = new Set(['hive', 'sparksql', 'databricks']);

/** Hive's `MAP a, b USING 'script' AS x FROM t`, and REDUCE. */
export function isScriptCall(cursor: Cursor, at: number): boolean {
  if (!HIVE.has(cursor.dialect) || !/^(map|reduce)$/.test(cursor.token(at).word)) return false;
  const next = cursor.token(at + 1);
  if (cursor.token(at - 1).word === '.' || (next.kind !== 'word' && next.kind !== 'quoted')) return false;
  for (let index = at + 2; index < cursor.tokens.length; index += 1) {
    const { word } = cursor.token(index);
    if (word === '(') index = cursor.closeOf(index);
    else if (word === 'using') return cursor.token(index + 1).kind === 'string';
    else if (/^(from|select|;|\)|as)$/.test(word)) return false;
  }
  return false;
}

/** `FOR r IN SELECT … LOOP`, `FOR r AS SELECT … DO`: behind it comes a statement, not a value; no `ON CONFLICT DO`. */
function endsLoopQuery(cursor: Cursor, index: number): boolean {
  const { word } = cursor.token(index);
  if ((word !== 'loop' && word !== 'do') || cursor.token(index + 1).word === 'nothing') return false;
  const before = cursor.token(index - 1).word;
  return before !== '.' && !WANTS_VALUE.has(before) && cursor.token(index + 1).kind === 'word';
}

export interface Stops {
  readonly comma: boolean;
  readonly joins?: boolean;
  readonly words?: ReadonlySet<string>;
}

/** Index of the token that ends what starts at `from`: a clause, an unmatched `)`, a `;`, and what `stops` adds. */
export function endOf(cursor: Cursor, from: number, stops: Stops): number {
  let index = from;
  const last = cursor.tokens.length;
  while (index < last) {
    const token = cursor.token(index);
    if (token.kind === 'punct') {
      if (token.word === '(' || token.word === '[' || token.word === '{') {
        if (index > from && startsBracketedRow(cursor, index)) return index;
        index = cursor.closeOf(index) + 1;
        continue;
      }
      if (token.word === ')' || token.word === '}' || token.word === ';') return index;
      if (isFlow(cursor, token.word) || isPipe(cursor, token.word)) return index;
      if (stops.comma && token.word === ',') return index;
    } else if (token.kind === 'word') {
      if (token.word === 'case') {
        // A CASE without END, or a column called case, is closed by itself.
        index = (cursor.list.closes.get(index) ?? index) + 1;
        continue;
      }
      if (cursor.inBody && endsLoopQuery(cursor, index)) return index;
      if (stops.words?.has(token.word) === true && cursor.token(index - 1).word !== '.') return index;
      if (startsClause(cursor, index)) return index;
      if (stops.joins === true && startsJoin(cursor, index)) return index;
    }
    index += 1;
  }
  return last;
}
