import type { Statement } from '../statement-tree.js';
import type { Name, Query } from '../tree.js';
import { startsCreateQuery } from './create-query.js';
import type { Cursor } from './cursor.js';
import { readName } from './names.js';
import { readQuery } from './queries.js';
import { skipStatement } from './quiet-statements.js';
import { isStage, readStage, stageName } from './stages.js';

/** `CLONE a`, `LIKE a`, `(LIKE a …)`, `COPY OF a`, BigQuery's `AS REPLICA OF a`. */
export function readTransfer(cursor: Cursor, target: Name): Statement | undefined {
  const copied = readCopied(cursor, target);
  if (copied !== undefined) return copied;
  const isGroup = cursor.sees('(', 'like');
  const isReplica = cursor.take('as', 'replica', 'of');
  const isClone = isReplica || cursor.sees('clone');
  const isCopy = cursor.sees('copy') && cursor.peek(1).kind !== 'punct' && cursor.peek(1).word !== 'grants';
  if (!isGroup && !isClone && !isCopy && !cursor.sees('like')) return undefined;
  const close = isGroup ? cursor.closeOf(cursor.at) : undefined;
  if (!isReplica) cursor.at += isGroup ? 2 : 1;
  if (cursor.dialect === 'clickhouse') cursor.take('as');
  const from = readName(cursor);
  if (close !== undefined) cursor.at = close + 1;
  const query = isGroup || isClone || isCopy ? undefined : readFilling(cursor);
  skipStatement(cursor);
  if (from === undefined) return undefined;
  if (query !== undefined) return { kind: 'create', what: 'table', target, columns: [], query };
  return { kind: 'transfer', verb: isClone || isCopy ? 'clone' : 'like', from: [from], to: target, columns: [] };
}

/** Teradata's `AS a WITH [NO] DATA` */
function readCopied(cursor: Cursor, target: Name): Statement | undefined {
  if (cursor.dialect !== 'ansi' || !cursor.sees('as')) return undefined;
  let behind = 2;
  while (cursor.peek(behind).word === '.') behind += 2;
  const isEmpty = cursor.peek(behind + 1).word === 'no';
  const data = cursor.peek(isEmpty ? behind + 2 : behind + 1).word;
  if (cursor.peek(behind).word !== 'with' || data !== 'data') return undefined;
  cursor.next();
  const from = readName(cursor);
  skipStatement(cursor);
  if (from === undefined) return undefined;
  return { kind: 'transfer', verb: isEmpty ? 'like' : 'clone', from: [from], to: target, columns: [] };
}

/** BigQuery's `CREATE TABLE t LIKE a … AS SELECT …`: the rows come from the query. */
function readFilling(cursor: Cursor): Query | undefined {
  if (cursor.dialect !== 'bigquery') return undefined;
  while (!cursor.done && !cursor.sees(';') && !startsCreateQuery(cursor)) if (!cursor.skipGroup()) cursor.next();
  return cursor.take('as') ? readQuery(cursor) : undefined;
}

/** Snowflake's `CREATE EXTERNAL TABLE t … LOCATION = @stage/dir`. */
export function readStageTable(cursor: Cursor, target: Name): Statement | undefined {
  if (!cursor.sees('location', '=') || !isStage(cursor.peek(2))) return undefined;
  cursor.at += 2;
  const path = stageName(readStage(cursor));
  skipStatement(cursor);
  return { kind: 'transfer', verb: 'load', from: [{ path }], to: target, columns: [] };
}

/** Snowflake's `CREATE STREAM s ON TABLE t`: the stream passes on the table's rows. */
export function readStream(cursor: Cursor): Statement {
  cursor.next();
  if (cursor.take('if', 'not', 'exists')) cursor.take('if');
  const to = readName(cursor);
  while (!cursor.done && !cursor.sees(';') && !cursor.sees('on')) cursor.next();
  cursor.next();
  while (/^(external|event|dynamic)$/.test(cursor.peek().word)) cursor.next();
  const isTable = cursor.take('table') || cursor.take('view');
  const from = isTable ? readName(cursor) : undefined;
  skipStatement(cursor);
  if (to === undefined || from === undefined) return { kind: 'other', verb: 'create' };
  return { kind: 'transfer', verb: 'clone', from: [from], to, columns: [] };
}
