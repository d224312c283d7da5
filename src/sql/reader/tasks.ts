import type { Statement } from '../statement-tree.js';
import { isLocation, type Source } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { stageName } from './stages.js';
import { readStatement } from './statements.js';

/** Snowflake's `CREATE PIPE p … AS COPY INTO t FROM @stage`. */
export function readPipe(cursor: Cursor): Statement {
  while (!cursor.done && !cursor.sees(';') && !cursor.sees('as', 'copy')) if (!cursor.skipGroup()) cursor.next();
  if (!cursor.take('as')) return { kind: 'other', verb: 'create' };
  const copy = readStatement(cursor);
  return copy.kind === 'transfer' ? fromWholeStages(copy) : copy;
}

/** A pipe watches a stage, whichever folder it names. */
function fromWholeStages(copy: Extract<Statement, { kind: 'transfer' }>): Statement {
  const whole = (source: Source): Source => (isLocation(source) ? { path: stageName(source.path) } : source);
  const body = copy.query?.body;
  if (copy.query === undefined || body?.kind !== 'select') return { ...copy, from: copy.from.map(whole) };
  const from = body.from.map((relation) =>
    relation.kind === 'table' ? { ...relation, source: whole(relation.source) } : relation
  );
  return { ...copy, from: copy.from.map(whole), query: { ...copy.query, body: { ...body, from } } };
}

/** Snowflake's `CREATE ALERT a … IF (EXISTS (<query>)) THEN <statement>`. */
export function readAlert(cursor: Cursor): Statement {
  const statements: Statement[] = [];
  while (!cursor.done && !cursor.sees(';')) {
    if (cursor.sees('if', '(', 'exists', '(')) {
      const from = cursor.at + 3;
      const { queries, tests } = readExpression(cursor, from, cursor.closeOf(from) + 1);
      statements.push(...[...queries, ...tests].map((query): Statement => ({ kind: 'select', query })));
    }
    if (cursor.take('then')) {
      statements.push(readStatement(cursor));
      return { kind: 'body', statements };
    }
    if (!cursor.skipGroup()) cursor.next();
  }
  return { kind: 'body', statements };
}

/** Snowflake's `CREATE TASK … AS <statement>` and MySQL's `CREATE EVENT … DO <statement>`. */
export function readTask(cursor: Cursor): Statement {
  while (!cursor.done && !cursor.sees(';')) {
    if ((cursor.sees('as') || cursor.sees('do')) && cursor.peek(1).kind === 'word') {
      cursor.next();
      return { kind: 'body', statements: [readStatement(cursor)] };
    }
    if (!cursor.skipGroup()) cursor.next();
  }
  return { kind: 'other', verb: 'create' };
}
