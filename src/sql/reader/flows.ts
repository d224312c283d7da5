import type { Statement } from '../statement-tree.js';
import type { Cte, Query } from '../tree.js';
import { isFlow } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readStatement } from './statements.js';

/**
 * Reads one statement, or Snowflake's chain `a ->> b ->> c`, where `$1` is what the statement before showed, `$2` the
 * one before that.
 */
export function readFlow(cursor: Cursor): readonly Statement[] {
  const statements = [readStatement(cursor)];
  const shown: (Query | undefined)[] = [queryOf(statements[0])];
  while (isFlow(cursor, cursor.peek().word)) {
    cursor.next();
    const ctes = shown.flatMap((query, index): Cte[] =>
      query === undefined ? [] : [{ name: `$${shown.length - index}`, columns: [], query }]
    );
    const statement = withCtes(readStatement(cursor), ctes);
    statements.push(statement);
    shown.push(queryOf(statement));
  }
  return statements;
}

function queryOf(statement: Statement | undefined): Query | undefined {
  return statement?.kind === 'select' ? statement.query : undefined;
}

function withCtes(statement: Statement, ctes: readonly Cte[]): Statement {
  switch (statement.kind) {
    case 'select':
      return { ...statement, query: below(statement.query, ctes) };
    case 'insert':
    case 'create':
    case 'transfer':
    case 'multi-insert':
      return statement.query === undefined ? statement : { ...statement, query: below(statement.query, ctes) };
    case 'update':
    case 'merge':
      return { ...statement, ctes: [...ctes, ...statement.ctes] };
    default:
      return statement;
  }
}

function below(query: Query, ctes: readonly Cte[]): Query {
  return { ...query, ctes: [...ctes, ...query.ctes] };
}
