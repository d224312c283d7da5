import type { Expression, Source } from '../tree.js';
import type { Cursor } from './cursor.js';
import { identityAt, isName, readColumnList, readName } from './names.js';
import { readQuery, startsQuery } from './queries.js';
import { isStage, readStage } from './stages.js';
import type { Token } from './token.js';
import { takeTop } from './top.js';

const HEAD_WORDS: ReadonlySet<string> = new Set(
  'low_priority delayed high_priority ignore or replace abort fail rollback overwrite into table'.split(' ')
);

export interface InsertTarget {
  /** Absent where there is none, and where only the run tells which. */
  readonly target: Source | undefined;
  /** Only the run tells which. */
  readonly isUnknown: boolean;
  readonly alias?: string | undefined;
  readonly columns: string[];
  readonly fixedColumns: string[];
  /** What TOP reads. */
  readonly limits: readonly Expression[];
}

export function readTarget(cursor: Cursor): InsertTarget {
  while (cursor.seesAny(HEAD_WORDS) && cursor.peek(1).word !== '.') cursor.next();
  const isLimited = cursor.sees('top', '(');
  const limits = isLimited ? takeTop(cursor) : [];
  if (isLimited) cursor.take('into');
  if (cursor.sees('local', 'directory') || cursor.sees('directory'))
    return { target: readDirectory(cursor), isUnknown: false, columns: [], fixedColumns: [], limits };
  if (cursor.sees('(') && startsQuery(cursor, cursor.at + 1)) return { ...readQueryTarget(cursor), limits };
  const start = cursor.at;
  const target =
    isStage(cursor.peek()) && cursor.dialect === 'snowflake' ? { path: readStage(cursor) } : readName(cursor);
  const isUnknown = target === undefined && cursor.at > start;
  const fixedColumns: string[] = [];
  let columns: string[] = [];
  let alias: string | undefined;
  for (;;) {
    if (cursor.sees('partition', '(')) {
      cursor.next();
      fixedColumns.push(...fixedPartitions(cursor));
    } else if (cursor.sees('(') && !startsQuery(cursor, cursor.at + 1)) columns = readColumnList(cursor);
    else if (cursor.sees('with', 'label') && isName(cursor.peek(2))) cursor.at += 3;
    else if (cursor.sees('with', '(')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
    else if (cursor.sees('if', 'not', 'exists')) cursor.at += 3;
    else if (cursor.sees('if', 'exists')) cursor.at += 2;
    else if (cursor.sees('replace', 'using', '(')) cursor.at = cursor.closeOf(cursor.at + 2) + 1;
    else if (cursor.take('as') || isAlias(cursor)) alias = identityAt(cursor, cursor.next());
    else return { target, isUnknown, alias, columns, fixedColumns, limits };
  }
}

/** Oracle's and T-SQL's `INSERT INTO (SELECT id, v FROM t WHERE …)`: into the columns that the query shows of t. */
function readQueryTarget(cursor: Cursor): Omit<InsertTarget, 'limits'> {
  const close = cursor.closeOf(cursor.at);
  cursor.next();
  const { body } = readQuery(cursor);
  cursor.at = close + 1;
  const [first] = body.kind === 'select' ? body.from : [];
  const items = body.kind === 'select' ? body.items : [];
  return {
    target: first?.kind === 'table' ? first.source : undefined,
    isUnknown: true,
    columns: items.flatMap((item) => (item.kind === 'value' ? [item.name] : [])),
    fixedColumns: [],
  };
}

/** Oracle's and PostgreSQL's `INSERT INTO t alias (…)`. */
function isAlias(cursor: Cursor): boolean {
  return (
    isName(cursor.peek()) &&
    cursor.peek(1).word === '(' &&
    !NOT_ALIASES.has(cursor.peek().word) &&
    !(cursor.dialect === 'tsql' && /^exec(ute)?$/.test(cursor.peek().word))
  );
}

const NOT_ALIASES: ReadonlySet<string> = new Set('values value select with set table row'.split(' '));

/** `PARTITION (dt = '2024', hour)`: columns with a value are not given by the query. */
function fixedPartitions(cursor: Cursor): string[] {
  const close = cursor.closeOf(cursor.at);
  const fixed: string[] = [];
  for (let index = cursor.at + 1; index < close; index += 1) {
    if (cursor.token(index + 1).word === '=' && isName(cursor.token(index))) fixed.push(cursor.token(index).text);
  }
  cursor.at = close + 1;
  return fixed;
}

/** `DIRECTORY 's3://…' ROW FORMAT … STORED AS … SELECT`. */
function readDirectory(cursor: Cursor): Source | undefined {
  cursor.usesLiterals = true;
  cursor.take('local');
  cursor.take('directory');
  let path = cursor.peek().kind === 'string' ? cursor.next().text : undefined;
  while (!cursor.done && !cursor.sees(';') && !startsQuery(cursor, cursor.at)) {
    // Spark's `DIRECTORY USING parquet OPTIONS (path 'x')`
    if (path === undefined && isPathKey(cursor.peek()) && cursor.peek(1).kind === 'string') path = cursor.peek(1).text;
    cursor.next();
  }
  return path === undefined ? undefined : { path };
}

function isPathKey({ kind, text }: Token): boolean {
  return (kind === 'word' || kind === 'string') && text.toLowerCase() === 'path';
}
