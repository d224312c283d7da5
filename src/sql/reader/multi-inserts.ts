import type { InsertBranch, Statement } from '../statement-tree.js';
import type { Expression, Query } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readTarget } from './insert-targets.js';
import { rowsOf } from './plain-query.js';
import { readCtes, type CteList } from './ctes.js';
import { readQuery, startsQuery } from './queries.js';
import { readValueRows } from './value-rows.js';
import { FromClause, moved } from './relations.js';
import { subqueriesIn } from './returning.js';
import { readSelect } from './selects.js';

/** `INSERT ALL|FIRST [WHEN … THEN] INTO a (…) VALUES (…) … SELECT …`. */
export function readMultiInsert(cursor: Cursor, list: CteList): Statement {
  cursor.take('overwrite');
  cursor.next();
  const branches: InsertBranch[] = [];
  while (!cursor.done && !cursor.sees(';') && !startsQuery(cursor, cursor.at)) {
    if (cursor.sees('when')) readCondition(cursor);
    if (!cursor.take('into')) {
      cursor.next();
      continue;
    }
    const { target, columns } = readTarget(cursor);
    const values = cursor.sees('values', '(') ? readBranchValues(cursor) : undefined;
    if (target !== undefined) branches.push({ target, columns, ...(values === undefined ? {} : { values }) });
  }
  if (cursor.done || cursor.sees(';')) return { kind: 'multi-insert', branches };
  const own = readCtes(cursor);
  const query = readQuery(cursor, { ctes: [...list.ctes, ...own.ctes], recursive: own.recursive || list.recursive });
  return { kind: 'multi-insert', branches, query };
}

/** `WHEN (SELECT count(*) FROM c) > 0 THEN`: what it reads besides the query. */
function readCondition(cursor: Cursor): void {
  const from = cursor.at + 1;
  while (!cursor.done && !cursor.sees(';') && !cursor.sees('then')) if (!cursor.skipGroup()) cursor.next();
  const read = subqueriesIn(readExpression(cursor, from, cursor.at));
  if (read.length > 0) cursor.side.push({ kind: 'select', query: rowsOf([], [], [], read) });
}

function readBranchValues(cursor: Cursor): readonly Expression[] | undefined {
  const body = readValueRows(cursor);
  return body.kind === 'values' ? body.rows[0] : undefined;
}

/** Hive's `FROM x INSERT … SELECT … INSERT … SELECT …`, and DuckDB's and Spark's `FROM x SELECT …`. */
export function readFromFirst(cursor: Cursor, list: CteList): Statement {
  const start = cursor.at;
  cursor.next();
  const from = new FromClause(cursor);
  from.read();
  if (!cursor.sees('insert')) {
    cursor.at = start;
    return { kind: 'select', query: readQuery(cursor, list) };
  }
  const branches: InsertBranch[] = [];
  while (cursor.take('insert')) {
    const { target, columns } = readTarget(cursor);
    const select = readSelect(cursor);
    const body = {
      ...select,
      from: [...from.relations, ...select.from],
      using: [...from.using, ...moved(select.using, from.relations.length)],
      conditions: [...from.conditions, ...select.conditions],
    };
    const query: Query = { kind: 'query', ctes: list.ctes, recursive: list.recursive, body, tail: [] };
    if (target !== undefined) branches.push({ target, columns, query });
    while (!cursor.done && !cursor.sees(';') && !cursor.sees('insert')) cursor.next();
  }
  return { kind: 'multi-insert', branches };
}
