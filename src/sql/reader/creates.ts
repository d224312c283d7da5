import type { Statement } from '../statement-tree.js';
import type { Name, Relation } from '../tree.js';
import { startsBracketedRow, startsKeptStatement } from './batch-statements.js';
import { readProcedure } from './bodies.js';
import { passedOn, readShape } from './clickhouse.js';
import { startsUse } from './clauses.js';
import { readModel } from './create-model.js';
import { startsCreateQuery } from './create-query.js';
import { readStageTable, readStream, readTransfer } from './create-transfers.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { TYPE_WORDS } from './keywords.js';
import { readColumnList, ownName, readName } from './names.js';
import { rowsOf } from './plain-query.js';
import { readQuery } from './queries.js';
import { quiet, skipStatement } from './quiet-statements.js';
import { readChangeFlow, readFlowDefinition } from './change-flows.js';
import { readAlert, readPipe, readTask } from './tasks.js';
import { dropsOnCommit } from './transactions.js';
import { readTrigger } from './triggers.js';

const TEMPORARY: ReadonlySet<string> = new Set(['temp', 'temporary', 'volatile']);
const MODIFIERS: ReadonlySet<string> = new Set(
  `or replace refresh alter global local transient external dynamic hybrid iceberg unlogged materialized secure recursive force noforce
   editionable noneditionable editioning live streaming foreign multiset set column row force ifnotexists private immutable
   blockchain sharded duplicated public incremental temp temporary volatile interactive managed snapshot`
    .trim()
    .split(/\s+/)
);

/** Reads CREATE of tables, views, streams, tasks, procedures; everything else is stepped over. */
export function readCreate(cursor: Cursor): Statement {
  const start = cursor.at;
  cursor.next();
  let temporary = false;
  let recursive = false;
  // Oracle's and Teradata's global temporary tables are there for all, with rows of each session's own.
  const isShared = cursor.sees('global') && /^(oracle|teradata)$/.test(cursor.dialect);
  while (cursor.seesAny(MODIFIERS) || /^(algorithm|definer|sql)$/.test(cursor.peek().word)) {
    temporary ||= !isShared && cursor.seesAny(TEMPORARY);
    recursive ||= cursor.sees('recursive');
    if (cursor.sees('sql', 'security')) cursor.at += 3;
    else if (cursor.peek(1).word === '=') skipSetting(cursor);
    else cursor.next();
  }
  switch (cursor.peek().word) {
    case 'table':
      cursor.next();
      // BigQuery's `CREATE TABLE FUNCTION f(…)` makes no table.
      if (cursor.dialect === 'bigquery' && cursor.sees('function')) return quiet(cursor);
      return readTable(cursor, 'table', temporary);
    case 'view': {
      cursor.next();
      const view = readTable(cursor, 'view', temporary);
      return recursive && view.kind === 'create' ? { ...view, recursive } : view;
    }
    case 'stream':
      return readStream(cursor);
    case 'task':
    case 'event':
      // SQL Server's sessions of extended events
      if (cursor.dialect === 'tsql') return quiet(cursor);
      return stored(readTask(cursor));
    case 'flow':
      return readFlowDefinition(cursor);
    case 'pipe':
      return readPipe(cursor);
    case 'alert':
      return stored(readAlert(cursor));
    case 'model':
      return readModel(cursor);
    case 'function':
      // Where their bodies have statements with `;` between them, functions are procedures in all but name.
      if (cursor.traits.versionedComments || /^(postgres|tsql|oracle)$/.test(cursor.dialect))
        return stored(readProcedure(cursor));
      cursor.at = start;
      return quiet(cursor);
    case 'trigger':
      return readTrigger(cursor);
    case 'procedure':
    case 'proc':
    case 'package':
      return stored(readProcedure(cursor));
    default:
      cursor.at = start;
      return quiet(cursor);
  }
}

function stored(body: Statement): Statement {
  return body.kind === 'body' ? { ...body, stored: true } : body;
}

/** MySQL's ALGORITHM=… and DEFINER=`a`@`b`. */
function skipSetting(cursor: Cursor): void {
  cursor.at += 3;
  while (cursor.peek().kind === 'parameter' || cursor.sees('@') || cursor.peek(-1).word === '@') cursor.next();
  cursor.skipGroup();
}

function readTable(cursor: Cursor, what: 'table' | 'view', temporary: boolean): Statement {
  if (cursor.take('if')) cursor.at += cursor.sees('not') ? 2 : 1;
  const start = cursor.at;
  const name = readName(cursor);
  const target = temporary ? name && ownName(name, dropsOnCommit(cursor)) : name;
  if (target === undefined) {
    if (cursor.at > start) return readOfUnnamed(cursor);
    cursor.doubt('CREATE without a name');
    return { kind: 'other', verb: 'create' };
  }
  if (cursor.take('if', 'not', 'exists')) cursor.take('if');
  let columns: readonly string[] = [];
  let fed: Name | undefined;
  const base = { kind: 'create' as const, what, target };
  while (!cursor.done && !cursor.sees(';')) {
    const transfer =
      readTransfer(cursor, target) ??
      readChangeFlow(cursor, target) ??
      readStageTable(cursor, target) ??
      (what === 'table' ? readShape(cursor, target) : undefined);
    // A temporary table that is only shaped like another takes no data from it.
    const isShape =
      transfer?.kind === 'transfer' &&
      transfer.verb === 'like' &&
      (temporary || target.at(-1)?.text.startsWith('#') === true);
    if (isShape) {
      // What it is shaped like counts, though nothing flows.
      const like = transfer.from.map((source): Relation => ({ kind: 'table', source }));
      cursor.side.push({ kind: 'cache', query: rowsOf([], like) });
      return { ...base, columns };
    }
    if (transfer !== undefined) return transfer;
    if (cursor.sees('using', 'template', '(')) {
      // The columns come from the files' schema; nothing flows.
      const from = cursor.at + 2;
      cursor.at = cursor.closeOf(from) + 1;
      const { queries } = readExpression(cursor, from, cursor.at);
      return {
        kind: 'create',
        what,
        target,
        columns: ['*'],
        ...(queries[0] === undefined ? {} : { query: queries[0] }),
      };
    }
    if (what === 'view' && cursor.dialect === 'clickhouse' && cursor.take('to')) {
      fed = readName(cursor);
      continue;
    }
    if (startsCreateQuery(cursor)) {
      cursor.take('as');
      const query = readQuery(cursor);
      skipTail(cursor);
      // MySQL goes by the names of the query's columns, wherever they are.
      const byName = cursor.traits.versionedComments && what === 'table';
      const made: Statement = { ...base, columns: byName ? [] : columns, query };
      return fed === undefined ? made : passedOn(cursor, made, target, fed);
    }
    if (
      cursor.sees('(') &&
      columns.length === 0 &&
      !/^(by|with|options|tblproperties|engine|=)$/.test(cursor.peek(-1).word) &&
      !/^(by|,)$/.test(cursor.peek(-2).word)
    ) {
      columns = readColumnList(cursor, (index) => definesKey(cursor, index));
    } else if (
      cursor.traits.optionalSemicolon &&
      (/^(insert|update|select|create|drop|merge|delete|go)$/.test(cursor.peek().word) ||
        startsUse(cursor) ||
        startsKeptStatement(cursor) ||
        startsBracketedRow(cursor))
    )
      break;
    else if (!cursor.skipGroup()) cursor.next();
  }
  return { ...base, columns };
}

/** What is read to fill a table that only the run names: `CREATE TABLE IDENTIFIER($x) AS SELECT …`. */
function readOfUnnamed(cursor: Cursor): Statement {
  while (!cursor.done && !cursor.sees(';') && !startsCreateQuery(cursor)) if (!cursor.skipGroup()) cursor.next();
  if (!startsCreateQuery(cursor)) return { kind: 'other', verb: 'create' };
  cursor.take('as');
  const query = readQuery(cursor);
  skipTail(cursor);
  return { kind: 'select', query };
}

/** Among the columns of a CREATE TABLE: `PRIMARY KEY (a)`, `KEY k (a)`, `CHECK (…)`; but `key TEXT` is a column. */
function definesKey(cursor: Cursor, index: number): boolean {
  const token = cursor.token(index);
  if (token.kind !== 'word') return false;
  const [next, following] = [cursor.token(index + 1).word, cursor.token(index + 2).word];
  const isNamed = next === '(' || (following === '(' && !TYPE_WORDS.has(next));
  switch (token.word) {
    case 'primary':
    case 'foreign':
      return next === 'key';
    case 'constraint':
      return next !== ',' && next !== ')';
    case 'check':
      return next === '(';
    case 'period':
      return next === 'for';
    case 'unique':
    case 'fulltext':
    case 'spatial':
      return isNamed || next === 'key' || next === 'index';
    case 'key':
    case 'index':
      return isNamed;
    default:
      return false;
  }
}

/** WITH NO SCHEMA BINDING, WITH CHECK OPTION, WITH DATA and their like. */
function skipTail(cursor: Cursor): void {
  if (/^(with|on|comment|distributed|primary|organize|no|partition|data)$/.test(cursor.peek().word))
    skipStatement(cursor);
}
