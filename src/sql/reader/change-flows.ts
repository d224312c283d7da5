import type { Statement } from '../statement-tree.js';
import type { Name } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readName } from './names.js';
import { ALL_COLUMNS, rowsOf } from './plain-query.js';
import { readRelation } from './relation.js';
import { quiet, skipStatement } from './quiet-statements.js';
import { readStatement } from './statements.js';

/** Databricks' `CREATE FLOW f AS INSERT INTO t …`, `CREATE FLOW f AS AUTO CDC INTO t …`: what flows. */
export function readFlowDefinition(cursor: Cursor): Statement {
  while (!cursor.done && !cursor.sees(';')) {
    if (cursor.take('as')) return cursor.deeper(() => readStatement(cursor)) ?? quiet(cursor);
    cursor.next();
  }
  return { kind: 'other', verb: 'create' };
}

/** Databricks' `APPLY CHANGES INTO t FROM STREAM(s) KEYS …` and `AUTO CDC INTO t FROM …`; `undefined` for others. */
export function readChanges(cursor: Cursor): Statement | undefined {
  if (!cursor.take('apply', 'changes', 'into') && !cursor.take('auto', 'cdc', 'into')) return undefined;
  const target = readName(cursor);
  return target && readFed(cursor, target);
}

/** `CREATE STREAMING TABLE t FLOW AUTO CDC FROM STREAM(s) …`; `undefined` when nothing of the kind is at the cursor. */
export function readChangeFlow(cursor: Cursor, target: Name): Statement | undefined {
  return cursor.take('flow', 'auto', 'cdc') ? readFed(cursor, target) : undefined;
}

function readFed(cursor: Cursor, target: Name): Statement | undefined {
  const source = cursor.take('from') ? readRelation(cursor) : undefined;
  skipStatement(cursor);
  if (source === undefined) return undefined;
  const query = rowsOf([ALL_COLUMNS], [source]);
  return { kind: 'insert', target, columns: [], fixedColumns: [], byName: true, extras: [], query };
}
