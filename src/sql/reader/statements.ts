import { beginning } from '../../contract/beginning.js';
import type { Statement } from '../statement-tree.js';
import { newExpression, type Expression, type Query } from '../tree.js';
import { readAlter, readDrop, readFlashback, readRefresh, readRestore, readTruncate } from './alterations.js';
import { readBody, readProcedure } from './bodies.js';
import { readCache } from './caches.js';
import { readExchange } from './clickhouse.js';
import { readChanges } from './change-flows.js';
import { readCreate } from './creates.js';
import { isFlow, startsSelect } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readDelete } from './deletes.js';
import { readInsert } from './inserts.js';
import { HARD_STATEMENT_WORDS } from './keywords.js';
import { skipLocalFunctions } from './local-functions.js';
import { readMerge } from './merges.js';
import { readFromFirst } from './multi-inserts.js';
import { isName } from './names.js';
import { rowsOf } from './plain-query.js';
import { readCtes, readQuery, startsQuery, type CteList } from './queries.js';
import { readRename } from './renames.js';
import { calledSql } from './handed-sql.js';
import { dynamicSql, preparedSql, takePrepare } from './dynamic-sql.js';
import { statementsInText } from './sub-texts.js';
import { readCopy, readExport, readLoad, readPartitionFunction, readUnload } from './transfers.js';
import { readTransaction } from './transactions.js';
import { readUpdate } from './updates.js';
import { skipSetStatement } from './set-statement.js';
import { BACK, readSetConfig, readSetSchema, readUse } from './uses.js';

const NO_CTES: CteList = { ctes: [], recursive: false };

/** Words that start a statement through which no data flows; the rest of it is stepped over. */
const QUIET: ReadonlySet<string> = new Set(
  `show set describe desc explain analyze analyse refresh cache uncache add grant revoke commit rollback call truncate delete
   optimize vacuum msck lock unlock comment put get list ls remove rm kill flush reset prepare deallocate savepoint release undrop
   pragma attach detach install checkpoint print go raise leave iterate open fetch close signal resignal throw waitfor goto break
   continue do reorg clear start import abort exchange convert fsck compute invalidate xa handler purge cluster discard listen notify unlisten security repair restore
   reindex backup flashback declare dbcc raiserror reconfigure deny enable disable revert system summarize padb_fetch_sample help return drop delimiter check checksum binlog change collect stop shutdown clone alter warehouse`
    .trim()
    .split(/\s+/)
);

/** Words that start a block of statements when they come first. */
const BLOCKS: ReadonlySet<string> = new Set('begin declare if while loop for repeat case'.split(' '));

/** Reads the statement at the cursor and leaves the cursor at its `;`, at the next statement, or at the end. */
export function readStatement(cursor: Cursor): Statement {
  const { word } = cursor.peek();
  switch (word) {
    case '(':
    case 'values':
    case 'table':
      return { kind: 'select', query: readQuery(cursor) };
    case 'pivot':
    case 'unpivot':
    case 'pivot_wider':
    case 'pivot_longer':
    case 'map':
    case 'reduce':
      return startsQuery(cursor, cursor.at) ? { kind: 'select', query: readQuery(cursor) } : readOther(cursor, word);
    case 'select':
      return readPartitionFunction(cursor) ?? readSetConfig(cursor) ?? { kind: 'select', query: readQuery(cursor) };
    case 'perform':
      if (!startsSelect(cursor)) return readOther(cursor, word);
      return readSetConfig(cursor) ?? { kind: 'select', query: readQuery(cursor) };
    case 'with':
      // Snowflake's `WITH p AS PROCEDURE () … CALL p()`
      if (cursor.peek(3).word === 'procedure' && cursor.peek(4).word === '(' && cursor.dialect === 'snowflake') {
        cursor.at += 3;
        return readProcedure(cursor);
      }
      return readWith(cursor);
    case 'from':
      return readFromFirst(cursor, NO_CTES);
    case 'replace':
      // Spark's REPLACE TABLE, Teradata's REPLACE VIEW; that of MySQL and SQLite is an INSERT.
      return cursor.sees('replace', 'table') || replacesDefinition(cursor)
        ? readCreate(cursor)
        : readInsert(cursor, NO_CTES);
    case 'insert':
    case 'upsert':
      return readInsert(cursor, NO_CTES);
    case 'bulk':
      // T-SQL's BULK INSERT
      if (cursor.peek(1).word !== 'insert') return readOther(cursor, word);
      cursor.next();
      return readInsert(cursor, NO_CTES);
    case 'update':
      // T-SQL's UPDATE STATISTICS t
      if (cursor.sees('update', 'statistics') && cursor.dialect === 'tsql' && cursor.peek(2).word !== 'set')
        return quiet(cursor);
      return readUpdate(cursor, NO_CTES);
    case 'merge':
      return readMerge(cursor, NO_CTES);
    case 'create':
      return readCreate(cursor);
    case 'alter':
      return altersRoutine(cursor) ? readCreate(cursor) : (readAlter(cursor) ?? readSetSchema(cursor) ?? quiet(cursor));
    case 'exchange':
      return readExchange(cursor) ?? quiet(cursor);
    case 'rename':
      return readRename(cursor);
    case 'drop':
    case 'undrop':
      return readDrop(cursor) ?? quiet(cursor);
    case 'flashback':
      return readFlashback(cursor) ?? quiet(cursor);
    case 'restore':
      return readRestore(cursor) ?? quiet(cursor);
    case 'truncate':
      return readTruncate(cursor) ?? quiet(cursor);
    case 'delete':
      return readDelete(cursor, NO_CTES) ?? quiet(cursor);
    case 'copy':
      return readCopy(cursor) ?? quiet(cursor);
    case 'load':
      return readLoad(cursor) ?? quiet(cursor);
    case 'unload':
      return readUnload(cursor) ?? quiet(cursor);
    case 'export':
      return readExport(cursor) ?? quiet(cursor);
    case 'use':
      return readUse(cursor);
    case 'set':
      return readFramed(cursor) ?? readSetSchema(cursor) ?? readArguments(cursor, word);
    case 'reset':
      return /^(search_path|all)$/.test(cursor.peek(1).word) ? skipped(cursor, BACK) : quiet(cursor);
    case 'analyze':
      return readFramed(cursor) ?? readOther(cursor, word);
    case 'do':
      return readDo(cursor) ?? readArguments(cursor, word);
    case 'call':
      return calledSql(cursor) ?? readArguments(cursor, word);
    case 'assert':
      return readArguments(cursor, word);
    case 'declare':
      return startsBlock(cursor) ? readBody(cursor) : readArguments(cursor, word);
    case 'prepare':
      if (takePrepare(cursor)) return cursor.deeper(() => readStatement(cursor)) ?? quiet(cursor);
      return preparedSql(cursor) ?? quiet(cursor);
    case 'cache':
      return readCache(cursor) ?? quiet(cursor);
    case 'refresh':
      return readRefresh(cursor) ?? quiet(cursor);
    case 'exec':
    case 'execute':
      return dynamicSql(cursor) ?? quiet(cursor);
    default:
      return readOther(cursor, word);
  }
}

function replacesDefinition(cursor: Cursor): boolean {
  return cursor.dialect === 'ansi' && /^(?:view|procedure|function|macro)$/.test(cursor.peek(1).word);
}

/** T-SQL's `ALTER PROCEDURE p … AS <body>` is a CREATE of what is there. */
function altersRoutine(cursor: Cursor): boolean {
  return cursor.dialect === 'tsql' && /^(?:proc|procedure|function|trigger)$/.test(cursor.peek(1).word);
}

function readOther(cursor: Cursor, word: string): Statement {
  if (word === 'declare') {
    const declared = readDeclared(cursor);
    if (declared !== undefined) return declared;
  }
  if (BLOCKS.has(word) && startsBlock(cursor)) return readBody(cursor);
  if (word === 'begin' || word === 'end' || QUIET.has(word)) return readTransaction(cursor) ?? quiet(cursor);
  if (word === 'procedure' || word === 'package') {
    const body = readProcedure(cursor);
    return body.kind === 'body' ? { ...body, stored: true } : body;
  }
  if (word === 'apply' || word === 'auto') {
    const changes = readChanges(cursor);
    if (changes !== undefined) return changes;
  }
  if (cursor.sees('using', 'external', 'function') || cursor.sees('using', 'function')) {
    skipLocalFunctions(cursor);
    return cursor.deeper(() => readStatement(cursor)) ?? quiet(cursor);
  }
  // What is left of a versioned comment in front of a statement.
  if (cursor.traits.versionedComments && word.startsWith('sql_')) {
    cursor.next();
    return readStatement(cursor);
  }
  if (startsCall(cursor)) {
    quiet(cursor);
    return { kind: 'other', verb: 'exec' };
  }
  cursor.doubt(`unknown statement "${beginning(cursor.peek().text, 20)}"`);
  return quiet(cursor);
}

/** T-SQL's `dbo.log 'x'`: the procedure that a batch begins with needs no EXEC. */
function startsCall(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql' || cursor.at > 0 || !isName(cursor.peek())) return false;
  return cursor.nesting > 0 || /^\.\.?$/.test(cursor.peek(1).word);
}

/** PostgreSQL's `DECLARE c CURSOR WITH HOLD FOR SELECT …`, T-SQL's `DECLARE @n int = (SELECT …)`. */
function readDeclared(cursor: Cursor): Statement | undefined {
  if (cursor.dialect === 'tsql' && cursor.peek(1).kind === 'parameter') return readArguments(cursor, 'declare');
  if (!/^(postgres|redshift)$/.test(cursor.dialect) || cursor.inBody) return undefined;
  for (let ahead = 2; ahead < MOST_CURSOR_WORDS; ahead += 1) {
    if (cursor.peek(ahead).word !== 'for') continue;
    cursor.at += ahead + 1;
    return { kind: 'select', query: readQuery(cursor) };
  }
  return undefined;
}

/** `DECLARE c BINARY ASENSITIVE NO SCROLL CURSOR WITH HOLD FOR` */
const MOST_CURSOR_WORDS = 11;

/** `BEGIN TRANSACTION` and T-SQL's `DECLARE @x` aren't blocks. */
function startsBlock(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  if (cursor.sees('begin'))
    return !/^(transaction|tran|work|;|immediate|deferred|exclusive|read|isolation|)$/.test(next.word);
  if (cursor.sees('declare')) return cursor.dialect !== 'tsql' && next.kind !== 'parameter';
  return true;
}

function readWith(cursor: Cursor): Statement {
  const list = readCtes(cursor);
  switch (cursor.peek().word) {
    case 'insert':
    case 'replace':
      return readInsert(cursor, list);
    case 'update':
      return readUpdate(cursor, list);
    case 'merge':
      return readMerge(cursor, list);
    case 'from':
      return readFromFirst(cursor, list);
    case 'delete':
      return readDelete(cursor, list) ?? quiet(cursor);
    default:
      return { kind: 'select', query: readQuery(cursor, list) };
  }
}

/**
 * MariaDB's `SET STATEMENT max_statement_time = 60 FOR INSERT …` and `ANALYZE FORMAT = JSON UPDATE …` run the statement
 * that follows; ANALYZE TABLE is maintenance.
 */
function readFramed(cursor: Cursor): Statement | undefined {
  if (!cursor.traits.versionedComments || cursor.sees('analyze', 'table')) return undefined;
  if (skipSetStatement(cursor)) return readStatement(cursor);
  let index = cursor.at + 1;
  if (cursor.token(index).word === 'format') index += 3;
  if (!FRAMED.has(cursor.token(index).word)) return undefined;
  cursor.at = index;
  return readStatement(cursor);
}

const FRAMED: ReadonlySet<string> = new Set([
  'insert',
  'replace',
  'update',
  'delete',
  'select',
  'with',
  'create',
  'load',
  'truncate',
  'call',
  'values',
  'table',
  '(',
]);

/** `SET x = (SELECT …)`, `CALL p((SELECT …))`, MySQL's `DO (SELECT …)`: no table, but what fills it is read. */
function readArguments(cursor: Cursor, verb: string): Statement {
  cursor.next();
  const from = cursor.at;
  skipStatement(cursor);
  const to = cursor.at;
  const { queries, tests } = readExpression(cursor, from, to);
  if (queries.length + tests.length === 0) return { kind: 'other', verb };
  return { kind: 'select', query: readsOnly({ ...newExpression(), queries, tests }) };
}

/** PostgreSQL's `DO $$ … $$`. */
function readDo(cursor: Cursor): Statement | undefined {
  const isNamed = cursor.sees('do', 'language');
  const body = cursor.peek(isNamed ? 3 : 1);
  if (body.kind !== 'string') return undefined;
  skipStatement(cursor);
  return { kind: 'body', statements: statementsInText(cursor, body) };
}

/** Steps over the statement at the cursor, of which is known what it is. */
function skipped(cursor: Cursor, statement: Statement): Statement {
  cursor.next();
  skipStatement(cursor);
  return statement;
}

/** Steps over the statement at the cursor. */
export function quiet(cursor: Cursor): Statement {
  const verb = cursor.next().word;
  skipStatement(cursor);
  return { kind: 'other', verb };
}

/** A query that shows nothing and reads what the expression reads. */
function readsOnly(expression: Expression): Query {
  return rowsOf([], [], [], [expression]);
}

/** Moves the cursor to the `;` that ends the statement, or to the next statement where none is needed. */
export function skipStatement(cursor: Cursor, startsNext = (): boolean => false): void {
  while (!cursor.done && !cursor.sees(';') && !isFlow(cursor, cursor.peek().word) && !startsNext()) {
    if (cursor.traits.optionalSemicolon) {
      if (cursor.seesAny(HARD_STATEMENT_WORDS) && cursor.peek(1).word !== '(') return;
      if (cursor.sees('exec', '(') || cursor.sees('execute', '(')) return;
    }
    if (!cursor.skipGroup()) cursor.next();
  }
}
