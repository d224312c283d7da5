import type { Statement } from '../statement-tree.js';
import { startsCreateQuery } from './create-query.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { rowsOf } from './plain-query.js';
import { readQuery } from './queries.js';
import { skipStatement } from './quiet-statements.js';
import { readRelation } from './relation.js';
import { subqueriesIn } from './returning.js';

/** `CREATE MODEL m … AS SELECT …` of BigQuery, Redshift's `CREATE MODEL m FROM (SELECT …)`: what it learns from. */
export function readModel(cursor: Cursor): Statement {
  while (!cursor.done && !cursor.sees(';')) {
    if (cursor.take('from')) {
      const relation = readRelation(cursor);
      skipStatement(cursor);
      if (relation !== undefined) return { kind: 'select', query: rowsOf([], [relation]) };
    } else if (cursor.sees('as', '(') && !startsCreateQuery(cursor)) {
      // BigQuery's `AS (training_data AS (SELECT …), custom_holiday AS (SELECT …))`
      const from = cursor.at + 1;
      cursor.at = cursor.closeOf(from) + 1;
      return { kind: 'select', query: rowsOf([], [], [], subqueriesIn(readExpression(cursor, from, cursor.at))) };
    } else if (startsCreateQuery(cursor) && cursor.take('as')) {
      const query = readQuery(cursor);
      skipStatement(cursor);
      return { kind: 'select', query };
    } else if (!cursor.skipGroup()) cursor.next();
  }
  return { kind: 'other', verb: 'create' };
}
