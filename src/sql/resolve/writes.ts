import type { StatementKind } from '../query-lineage.js';
import type { InsertBranch, Statement } from '../statement-tree.js';
import { isLocation } from '../tree.js';
import type { ResolveContext } from './context.js';
import { NO_OUTPUTS, type ColumnEdge, type OutputColumn, type Outputs } from './outputs.js';
import type { TableRef } from './table-ref.js';
import type { QueryResolver } from './queries.js';
import { indexed } from './scope.js';
import type { StatementLineage } from './statement-lineage.js';

export type Finish = (
  kind: StatementKind,
  writes: readonly TableRef[],
  columns: readonly ColumnEdge[]
) => StatementLineage;

/**
 * Edges from a query's columns into `target`: by position into `columns` or, without a list, into the target's known
 * columns (less the `fixed` ones; `undefined` = the target's columns don't count), by name where positions can't be
 * told.
 */
export function columnEdges(
  context: ResolveContext,
  target: TableRef,
  outputs: Outputs,
  columns: readonly string[],
  fixed: readonly string[] | undefined
): ColumnEdge[] {
  if (target.kind === 'path') return [];
  const isClosed = outputs.open.length === 0;
  let names: readonly string[] | undefined = columns.length > 0 ? columns : undefined;
  if (names === undefined && fixed !== undefined) {
    const known = context.columnsOf(target);
    const left = new Set(fixed.map((name) => name.toLowerCase()));
    names = known?.filter((name) => !left.has(name.toLowerCase()));
  }
  // PostgreSQL fills the first columns with what there is.
  if (context.dialect === 'postgres' && columns.length === 0) names = names?.slice(0, outputs.columns.length);
  const fits = names !== undefined && (isClosed ? names.length === outputs.columns.length : columns.length > 0);
  const edges: ColumnEdge[] = [];
  outputs.columns.forEach((column, index) => {
    const name = fits && index < outputs.certain ? (names?.[index] ?? column.name) : column.name;
    for (const from of column.sources)
      if (isUsable(from.table)) edges.push({ from, to: { table: target, column: name } });
  });
  for (const table of outputs.open) {
    if (isUsable(table)) edges.push({ from: { table, column: '*' }, to: { table: target, column: '*' } });
  }
  return edges;
}

/** A path's columns have no names. */
function isUsable(table: TableRef | undefined): boolean {
  return table === undefined || table.kind === 'table';
}

export function resolveMultiInsert(
  statement: Extract<Statement, { kind: 'multi-insert' }>,
  resolver: QueryResolver,
  finish: Finish
): StatementLineage {
  const { context } = resolver;
  const outputs = statement.query === undefined ? NO_OUTPUTS : resolver.query(statement.query, resolver.newCtes());
  const writes = new Map<string, TableRef>();
  const edges: ColumnEdge[] = [];
  for (const branch of statement.branches) {
    const target = context.table(branch.target);
    writes.set(target.key, target);
    if (isLocation(branch.target)) continue;
    edges.push(...columnEdges(context, target, branchOutputs(branch, outputs, resolver), branch.columns, []));
  }
  return finish('multi-insert', [...writes.values()], edges);
}

function branchOutputs(branch: InsertBranch, shared: Outputs, resolver: QueryResolver): Outputs {
  if (branch.query !== undefined) return resolver.query(branch.query, resolver.newCtes());
  if (branch.values === undefined) return shared;
  const scope = resolver.newScope();
  scope.bounds.push({
    alias: undefined,
    parts: [],
    table: undefined,
    ...indexed(shared),
  });
  const columns = branch.values.map((value, index): OutputColumn => {
    const name = branch.columns[index] ?? value.columns[0]?.parts.at(-1) ?? `column${index + 1}`;
    return { name, sources: resolver.sources(value, resolver.newCtes(), scope) };
  });
  return { columns, open: [], certain: columns.length };
}
