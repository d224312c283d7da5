import type { Statement } from '../statement-tree.js';
import { readAlter, readDrop, readFlashback, readRefresh, readRestore, readTruncate } from './alterations.js';
import { readBody, readProcedure } from './bodies.js';
import { readCache } from './caches.js';
import { readExchange } from './clickhouse.js';
import { readCreate } from './creates.js';
import { startsSelect } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readDelete } from './deletes.js';
import { readHandler } from './handler-reads.js';
import { readInsert } from './inserts.js';
import { readMerge } from './merges.js';
import { readFromFirst } from './multi-inserts.js';
import { readCtes, type CteList } from './ctes.js';
import { readQuery, startsQuery } from './queries.js';
import { readDeclared, readOther, startsBlock } from './other-statements.js';
import { quiet, readArguments, skipStatement, skipped } from './quiet-statements.js';
import { readRename } from './renames.js';
import { calledSql } from './dynamic/handed-sql.js';
import { dynamicSql, preparedSql, takePrepare } from './dynamic/dynamic-sql.js';
import { statementsInText } from './dynamic/sub-texts.js';
import { readCopy, readExport, readLoad, readPartitionFunction, readUnload } from './transfers.js';
import { readUpdate } from './updates.js';
import { skipSetStatement } from './set-statement.js';
import { BACK, readSetConfig, readSetSchema, readUse } from './uses.js';

const NO_CTES: CteList = { ctes: [], recursive: false };

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
      return readDeclared(cursor) ?? (startsBlock(cursor) ? readBody(cursor) : readArguments(cursor, word));
    case 'prepare':
      if (takePrepare(cursor)) return cursor.deeper(() => readStatement(cursor)) ?? quiet(cursor);
      return preparedSql(cursor) ?? quiet(cursor);
    case 'cache':
      return readCache(cursor) ?? quiet(cursor);
    case 'handler':
      return readHandler(cursor) ?? quiet(cursor);
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

/** PostgreSQL's `DO $$ … $$`. */
function readDo(cursor: Cursor): Statement | undefined {
  const isNamed = cursor.sees('do', 'language');
  const body = cursor.peek(isNamed ? 3 : 1);
  if (body.kind !== 'string') return undefined;
  skipStatement(cursor);
  return { kind: 'body', statements: statementsInText(cursor, body) };
}
