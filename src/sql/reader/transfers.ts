import type { Statement, TransferVerb } from '../statement-tree.js';
import type { Query, Source } from '../tree.js';
import type { Cursor } from './cursor.js';
import { isName, readColumnList, readName } from './names.js';
import { doubtPieces } from './dynamic/piece.js';
import { ALL_COLUMNS, rowsOf } from './plain-query.js';
import { readQuery, startsQuery } from './queries.js';
import { isStage, readStage } from './stages.js';
import { skipStatement } from './quiet-statements.js';
import { queryInText } from './dynamic/sub-texts.js';
import { readAssignments } from './updates.js';

interface End {
  readonly source?: Source;
  readonly query?: Query;
  readonly columns: readonly string[];
}

/** A table, a stage, a quoted location, or a bracketed query. */
function readEnd(cursor: Cursor): End | undefined {
  const token = cursor.peek();
  if (token.word === '(' && startsQuery(cursor, cursor.at + 1)) {
    const close = cursor.closeOf(cursor.at);
    cursor.next();
    const query = readQuery(cursor);
    cursor.at = close + 1;
    return { query, columns: [] };
  }
  if (isStage(token)) return { source: { path: readStage(cursor) }, columns: [] };
  if (token.kind === 'string') return { source: { path: cursor.next().text }, columns: [] };
  const name = readName(cursor);
  if (name === undefined) return undefined;
  return { source: name, columns: cursor.sees('(') ? readColumnList(cursor) : [] };
}

/** A transfer from one end to the other; `undefined` when the other end isn't known. */
function between(verb: TransferVerb, from: End, to: End): Statement | undefined {
  if (to.source === undefined) return undefined;
  return {
    kind: 'transfer',
    verb,
    from: from.source === undefined ? [] : [from.source],
    to: to.source,
    columns: to.columns,
    ...(from.query === undefined ? {} : { query: from.query }),
  };
}

/** COPY INTO (Snowflake, Databricks), COPY … FROM and COPY … TO (PostgreSQL, Redshift, DuckDB). */
export function readCopy(cursor: Cursor): Statement | undefined {
  cursor.usesLiterals = true;
  const start = cursor.at;
  cursor.next();
  const isInto = cursor.take('into');
  const first = readEnd(cursor);
  const isTo = !isInto && cursor.sees('to');
  const second = first !== undefined && (cursor.take('from') || cursor.take('to')) ? readSecond(cursor) : undefined;
  const statement =
    first === undefined || second === undefined
      ? undefined
      : isTo
        ? between('unload', first, second)
        : between('copy', second, first);
  const read = first?.query ?? (first?.source === undefined || second === undefined ? undefined : allOf(first.source));
  if (isTo && read !== undefined && statement === undefined) {
    skipStatement(cursor);
    return { kind: 'select', query: read };
  }
  if (statement === undefined) cursor.at = start;
  else skipStatement(cursor);
  return statement;
}

/** What `COPY t TO STDOUT` reads. */
function allOf(source: Source): Query {
  return rowsOf([ALL_COLUMNS], [{ kind: 'table', source }]);
}

/** COPY FROM STDIN and TO STDOUT leave no trace but the table. */
function readSecond(cursor: Cursor): End | undefined {
  if (/^(stdin|stdout)$/.test(cursor.peek().word)) return { columns: [] };
  if (/^(program|local)$/.test(cursor.peek().word) && !isName(cursor.peek(1))) return { columns: [] };
  return readEnd(cursor);
}

/**
 * `LOAD DATA [LOCAL] INFILE|INPATH 'x' [OVERWRITE] INTO TABLE t`, and BigQuery's `LOAD DATA INTO t FROM FILES (uris =
 * […])`.
 */
export function readLoad(cursor: Cursor): Statement | undefined {
  cursor.usesLiterals = true;
  const start = cursor.at;
  let path: string | undefined;
  let to: Source | undefined;
  while (!cursor.done && !cursor.sees(';')) {
    const token = cursor.peek();
    if (cursor.dialect === 'bigquery' && cursor.take('format')) {
      cursor.at += 2;
      continue;
    }
    if (token.kind === 'string' && (path === undefined || to === undefined) && !cursor.sees('terminated'))
      path ??= token.text;
    if (token.word === 'into' || token.word === 'overwrite') {
      cursor.next();
      cursor.take('into');
      if (/^(temp|temporary)$/.test(cursor.peek().word)) cursor.next();
      cursor.take('table');
      to ??= readName(cursor);
      continue;
    }
    if (token.word === 'set' && to !== undefined) {
      readLoadedValues(cursor, to);
      continue;
    }
    if (token.word === 'uris') path ??= nextString(cursor);
    cursor.next();
  }
  if (to !== undefined) {
    return { kind: 'transfer', verb: 'load', from: path === undefined ? [] : [{ path }], to, columns: [] };
  }
  cursor.at = start;
  return undefined;
}

/** `LOAD DATA … SET c = (SELECT …)`: what is read besides the file. */
function readLoadedValues(cursor: Cursor, target: Source): void {
  cursor.next();
  for (const { column, value } of readAssignments(cursor, { comma: true }))
    for (const query of value.queries)
      cursor.side.push({
        kind: 'insert',
        target,
        columns: column.parts.slice(-1),
        fixedColumns: [],
        byName: false,
        extras: [],
        query,
      });
}

function nextString(cursor: Cursor): string | undefined {
  for (let ahead = 1; ahead < 5; ahead += 1) {
    const token = cursor.peek(ahead);
    if (token.kind === 'string') return token.text;
  }
  return undefined;
}

/** `UNLOAD ('SELECT …') TO 's3://…'` (Redshift) and `UNLOAD (SELECT …) TO '…'` (Athena). */
export function readUnload(cursor: Cursor): Statement | undefined {
  if (cursor.peek(1).word !== '(') return undefined;
  const open = cursor.at + 1;
  const close = cursor.closeOf(open);
  const inner = cursor.token(open + 1);
  let query: Query | undefined;
  if (inner.kind === 'string') query = queryInText(cursor, inner);
  else {
    cursor.at = open + 1;
    query = readQuery(cursor);
  }
  cursor.at = close + 1;
  const to = cursor.take('to') ? readEnd(cursor) : undefined;
  skipStatement(cursor);
  return (
    between('unload', query === undefined ? { columns: [] } : { query, columns: [] }, to ?? { columns: [] }) ?? {
      kind: 'other',
      verb: 'unload',
    }
  );
}

/** `EXPORT TABLE t TO 'x'` (Hive) and `EXPORT DATA OPTIONS (uri = 'gs://…') AS SELECT …` (BigQuery). */
export function readExport(cursor: Cursor): Statement | undefined {
  cursor.usesLiterals = true;
  const start = cursor.at;
  cursor.next();
  if (cursor.take('table')) {
    const name = readName(cursor);
    if (cursor.sees('partition')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
    const to = cursor.take('to') ? readEnd(cursor) : undefined;
    skipStatement(cursor);
    if (name !== undefined && to !== undefined) return between('unload', { source: name, columns: [] }, to);
  } else if (cursor.take('data')) {
    let path: string | undefined;
    if (cursor.sees('with', 'connection')) cursor.at += 2;
    while (!cursor.done && !startsQuery(cursor, cursor.at)) {
      if (cursor.sees('uri')) path ??= nextString(cursor);
      cursor.next();
    }
    if (path !== undefined && !cursor.done)
      return between('unload', { query: readQuery(cursor), columns: [] }, { source: { path }, columns: [] });
  }
  cursor.at = start;
  return undefined;
}

const PARTITION_FUNCTIONS: ReadonlySet<string> = new Set([
  'swap_partitions_between_tables',
  'move_partitions_to_table',
  'copy_partitions_to_table',
]);

/** Vertica moves partitions with functions: `SELECT swap_partitions_between_tables('from', min, max, 'to')`. */
export function readPartitionFunction(cursor: Cursor): Statement | undefined {
  if (!PARTITION_FUNCTIONS.has(cursor.peek(1).word) || cursor.peek(2).word !== '(') return undefined;
  cursor.usesLiterals = true;
  const isCopy = cursor.peek(1).word === 'copy_partitions_to_table';
  const isSwap = cursor.peek(1).word === 'swap_partitions_between_tables';
  const open = cursor.at + 2;
  const close = cursor.closeOf(open);
  const strings: string[] = [];
  for (let index = open + 1; index < close; index += 1) {
    const token = cursor.token(index);
    if (token.kind === 'string') strings.push(token.text);
  }
  const from = strings[0];
  const to = strings[3];
  if (from === undefined || to === undefined) return undefined;
  cursor.at = close + 1;
  skipStatement(cursor);
  doubtPieces(cursor, `${from} ${to}`);
  const name = (text: string): Source => text.split('.').map((part) => ({ text: part, quoted: false }));
  const moved = isCopy ? {} : { movesRows: isSwap ? ('both' as const) : (true as const) };
  return { kind: 'transfer', verb: 'exchange', from: [name(from)], to: name(to), columns: [], ...moved };
}
