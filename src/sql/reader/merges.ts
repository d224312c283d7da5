import type { MergeClause, Statement } from '../statement-tree.js';
import type { Expression } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readColumnList } from './names.js';
import { readOutput } from './outputs.js';
import type { CteList } from './ctes.js';
import { readValueRows } from './value-rows.js';
import { readRelation } from './relation.js';
import { FromClause } from './relations.js';
import { keptRows } from './returned-rows.js';
import { readReturning, subqueriesIn } from './returning.js';
import { takeTop } from './top.js';
import { readAssignments } from './updates.js';

const WHEN: ReadonlySet<string> = new Set(['when']);
const CONDITION_ENDS: ReadonlySet<string> = new Set(['when', 'remove']);
const CLAUSE_ENDS: ReadonlySet<string> = new Set(['when', 'output', 'delete']);
/** What may follow a WHEN clause. */
const BEHIND_CLAUSE: ReadonlySet<string> = new Set(['when', 'output', 'returning', ';', ')']);
const THEN: ReadonlySet<string> = new Set(['then']);

/** Reads `MERGE INTO t USING s ON … WHEN …`. A MERGE cut off in its clauses still names its tables. */
export function readMerge(cursor: Cursor, list: CteList): Statement {
  cursor.next();
  const limits = cursor.sees('top', '(') ? takeTop(cursor) : [];
  // Databricks
  cursor.take('with', 'schema', 'evolution');
  cursor.take('into');
  const target = readRelation(cursor);
  const from = new FromClause(cursor, WHEN);
  if (cursor.take('using')) from.read();
  const [source] = from.relations;
  if (target === undefined || source === undefined) {
    cursor.doubt('MERGE without its two tables');
    return { kind: 'other', verb: 'merge' };
  }
  const conditions: Expression[] = [...limits, ...from.conditions];
  if (cursor.take('on')) {
    const start = cursor.at;
    cursor.at = endOf(cursor, start, { comma: false, words: CONDITION_ENDS });
    conditions.push(readExpression(cursor, start, cursor.at));
  }
  const clauses: MergeClause[] = [];
  while (cursor.sees('when')) {
    const clause = readClause(cursor, conditions);
    if (clause !== undefined) clauses.push(clause);
  }
  // Redshift
  cursor.take('remove', 'duplicates');
  const output = readOutput(cursor);
  conditions.push(...readReturning(cursor));
  if (cursor.sees('option')) while (!cursor.done && !cursor.sees(';')) cursor.next();
  const { relations: sources, using } = from;
  const statement: Statement = { kind: 'merge', ...list, target, sources, using, clauses, conditions };
  const kept = output === undefined ? undefined : keptRows(output, statement);
  if (kept !== undefined) cursor.side.push(kept);
  return statement;
}

function readClause(cursor: Cursor, conditions: Expression[]): MergeClause | undefined {
  const from = cursor.at + 1;
  cursor.at = endOf(cursor, from, { comma: false, words: THEN });
  const condition = readExpression(cursor, from, cursor.at);
  if (condition.queries.length + condition.tests.length > 0) conditions.push(condition);
  if (!cursor.take('then')) {
    cursor.doubt('WHEN without THEN');
    return undefined;
  }
  let clause: MergeClause | undefined;
  if (cursor.take('update')) clause = readUpdateClause(cursor);
  else if (cursor.take('insert')) clause = readInsertClause(cursor);
  else cursor.next();
  while (!cursor.done && !cursor.seesAny(BEHIND_CLAUSE)) {
    // Oracle's `UPDATE SET … WHERE … DELETE WHERE …` and `INSERT … WHERE …`
    if (cursor.take('where')) {
      const start = cursor.at;
      cursor.at = endOf(cursor, start, { comma: false, words: CLAUSE_ENDS });
      conditions.push(...subqueriesIn(readExpression(cursor, start, cursor.at)));
      continue;
    }
    cursor.at = Math.max(endOf(cursor, cursor.at, { comma: false, words: WHEN }), cursor.at);
    if (!cursor.done && !cursor.sees('when') && !cursor.sees('returning') && !cursor.sees(';')) cursor.next();
  }
  return clause;
}

const WHOLE_ROW: MergeClause = { columns: [], values: [], assignments: [], wholeRow: true };

function readUpdateClause(cursor: Cursor): MergeClause {
  if (cursor.take('all', 'by', 'name')) return WHOLE_ROW;
  cursor.take('set');
  if (cursor.take('*')) return WHOLE_ROW;
  const assignments = readAssignments(cursor, { comma: true, words: CLAUSE_ENDS });
  return { columns: [], values: [], assignments, wholeRow: false };
}

function readInsertClause(cursor: Cursor): MergeClause {
  if (cursor.take('*') || cursor.take('row') || cursor.take('all', 'by', 'name')) return WHOLE_ROW;
  const columns = cursor.sees('(') ? readColumnList(cursor) : [];
  if (!cursor.sees('values'))
    return cursor.take('row') ? WHOLE_ROW : { columns, values: [], assignments: [], wholeRow: false };
  const body = readValueRows(cursor);
  const values = body.kind === 'values' ? (body.rows[0] ?? []) : [];
  return { columns, values, assignments: [], wholeRow: false };
}
