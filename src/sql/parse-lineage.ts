import type { Dialect } from './dialect.js';
import { UNKNOWN_PARTS } from './reader/dynamic/piece.js';
import type { LineageOptions, QueryLineage } from './query-lineage.js';
import { ResolveContext } from './resolve/context.js';
import { withoutDropsOf } from './resolve/kept-tables.js';
import { mergeStatements } from './resolve/merge-statements.js';
import { STORED } from './resolve/statement-kinds.js';
import { resolveStatement } from './resolve/statements.js';
import { readTokens, type Reading } from './token-front-end.js';

/** Why a name is no table whose database or schema only the run knows. */
const IN_ONE_OF = 'the database or schema of a name depends on a USE that may not run';

/** Works out the lineage of SQL that was read. */
export function resolveLineage(reading: Reading, dialect: Dialect, options: LineageOptions): QueryLineage {
  const context = new ResolveContext(dialect, options);
  const target = options.target === undefined ? undefined : context.table([{ text: options.target, quoted: true }]);
  const resolved = reading.statements.map((statement) => resolveStatement(statement, context, target));
  const statements = withoutDropsOf(context.dropped.kept, resolved);
  // nothing of it counts, whatever its bodies hold
  const isLeftOut =
    options.without === 'stored' && statements.length > 0 && statements.every(({ kind }) => STORED.has(kind));
  const places = [...(context.isInAsked ? [UNKNOWN_PARTS] : []), ...(context.isInOneOf ? [IN_ONE_OF] : [])];
  const doubts = [...reading.doubts, ...places.filter((each) => !reading.doubts.includes(each))];
  return { ...mergeStatements(statements, options), doubts: isLeftOut ? [] : doubts };
}

/** Reads the lineage of SQL. Never throws for anything in the SQL. */
export function parseLineage(sql: string, dialect: Dialect, options: LineageOptions = {}): QueryLineage {
  return resolveLineage(readTokens(sql, dialect, options), dialect, options);
}
