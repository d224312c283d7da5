import type { Assignment, Statement } from '../statement-tree.js';
import { isLocation } from '../tree.js';
import type { ColumnEdge, Outputs } from './outputs.js';
import type { TableRef } from './table-ref.js';
import { flow, valueSources } from './changes.js';
import { renamed, type CteScope, type QueryResolver } from './queries.js';
import { bindRelation } from './relations.js';
import { indexed, type Bound, type Scope } from './scope.js';

type Insert = Extract<Statement, { kind: 'insert' }>;

/**
 * Edges of ON DUPLICATE KEY UPDATE and ON CONFLICT DO UPDATE. In scope are the row that was to be inserted (`excluded`,
 * or MySQL's row alias), the changed table and the relations of the inserting query. A column without a qualifier is
 * the changed table's, unless only another relation is known to have it.
 */
export function upsertEdges(
  statement: Insert,
  resolver: QueryResolver,
  ctes: CteScope,
  outputs: Outputs,
  target: TableRef
): ColumnEdge[] {
  const { upserts = [], query } = statement;
  if (upserts.length === 0 || isLocation(statement.target)) return [];
  const scope = resolver.newScope();
  scope.bounds.push(...insertedRow(statement, resolver, outputs, target));
  scope.bounds.push(bindRelation(resolver, { kind: 'table', source: statement.target }, ctes, scope, { reads: false }));
  if (query?.body.kind === 'select') {
    const inner = resolver.ctes(query.ctes, query.recursive, ctes);
    for (const relation of query.body.from) scope.bounds.push(bindRelation(resolver, relation, inner, scope));
  }
  const own = new Set(resolver.context.columnsOf(target)?.map((column) => column.toLowerCase()));
  return upserts.flatMap((assignment) => {
    const value = withoutOwnColumns(assignment, scope, own);
    const sources = valueSources(resolver, { ...assignment, value }, ctes, scope);
    const named = sources.filter((source) => source.table !== undefined);
    return flow(named, target, assignment.column.parts.at(-1) ?? '');
  });
}

/** The inserted row under the names that assignments have for it. */
function insertedRow(
  { columns, row }: Insert,
  resolver: QueryResolver,
  outputs: Outputs,
  target: TableRef
): readonly Bound[] {
  const names = columns.length > 0 ? columns : resolver.context.columnsOf(target);
  const under = (alias: string, aliases: readonly string[] | undefined): Bound => {
    return { alias: alias.toLowerCase(), parts: [], table: undefined, ...indexed(renamed(outputs, aliases)) };
  };
  const bounds = [under('excluded', names)];
  if (row !== undefined) bounds.push(under(row.alias, row.columns.length > 0 ? row.columns : names));
  return bounds;
}

/** Leaves out columns without a qualifier that are, or may be, the changed table's own. */
function withoutOwnColumns({ value }: Assignment, scope: Scope, own: ReadonlySet<string>): Assignment['value'] {
  const columns = value.columns.filter(({ parts }) => {
    const name = parts[0]?.toLowerCase() ?? '';
    return (
      parts.length > 1 || (own.size > 0 && !own.has(name) && scope.bounds.some((bound) => bound.columnIndex.has(name)))
    );
  });
  return { ...value, columns };
}
