import type { Assignment, MergeClause, Statement } from '../statement-tree.js';
import { isLocation, type Expression, type Relation } from '../tree.js';
import type { ResolveContext } from './context.js';
import type { ColumnEdge, ColumnSource } from './outputs.js';
import type { TableRef } from './table-ref.js';
import type { CteScope, QueryResolver } from './queries.js';
import { bindRelation } from './relations.js';
import { columnOf, type Bound, type Scope } from './scope.js';
import type { StatementLineage } from './statement-lineage.js';
import type { Finish } from './writes.js';
import { usingPairs } from './using-pairs.js';

/** UPDATE of every form: one table, several tables, FROM, JOIN, an alias as target. */
export function resolveUpdate(
  statement: Extract<Statement, { kind: 'update' }>,
  resolver: QueryResolver,
  finish: Finish
): StatementLineage {
  const ctes = resolver.ctes(statement.ctes, statement.recursive, resolver.newCtes());
  const scope = resolver.newScope();
  const first = statement.targets[0];
  const pointed = first === undefined ? undefined : pointedAt(first, statement.relations, resolver.context);
  const relations = pointed === undefined ? [...statement.targets, ...statement.relations] : [...statement.relations];
  const changed = changedRelations(statement.assignments, relations, pointed ?? first, resolver.context);
  for (const relation of relations)
    scope.bounds.push(bindRelation(resolver, relation, ctes, scope, { reads: !changed.has(relation) }));
  const aside = pointed === undefined ? 0 : statement.targets.length;
  const using = statement.using
    .filter(({ left }) => left >= aside)
    .map((join) => ({ ...join, left: join.left - aside, joined: join.joined - aside, end: join.end - aside }));
  resolver.joins.push(...usingPairs(using, scope));
  const targetOf = (bound: Bound | undefined): TableRef | undefined => bound?.table ?? bound?.outputs.open[0];
  const main = scope.bounds[relations.findIndex((relation) => changed.has(relation))];
  const writes = new Map<string, TableRef>();
  const edges: ColumnEdge[] = [];
  for (const assignment of statement.assignments) {
    const { parts } = assignment.column;
    const bound = parts.length > 1 ? (scope.find(parts.slice(0, -1)) ?? main) : main;
    const target = targetOf(bound) ?? throughCte(bound, parts);
    if (target === undefined) continue;
    // A CTE that is updated reads only what it changes.
    if (bound?.table === undefined) resolver.reads.delete(target.key);
    writes.set(target.key, target);
    edges.push(...flow(valueSources(resolver, assignment, ctes, scope), target, parts[parts.length - 1] ?? ''));
  }
  const mainTarget = targetOf(main);
  if (writes.size === 0 && mainTarget !== undefined) writes.set(mainTarget.key, mainTarget);
  for (const condition of statement.conditions) resolver.condition(condition, ctes, scope);
  // Of several updated tables one may feed another.
  for (const { from } of edges) if (from.table !== undefined) resolver.reads.set(from.table.key, from.table);
  return finish('update', [...writes.values()], edges);
}

/** T-SQL updates tables through a CTE. */
function throughCte(bound: Bound | undefined, parts: readonly string[]): TableRef | undefined {
  return bound === undefined ? undefined : columnOf(bound, parts[parts.length - 1] ?? '')[0]?.table;
}

/** `UPDATE t … FROM dbo.tgt AS t`: the target is an alias, or a table that FROM names again. */
function pointedAt(target: Relation, relations: readonly Relation[], context: ResolveContext): Relation | undefined {
  if (target.kind !== 'table' || isLocation(target.source) || target.alias !== undefined) return undefined;
  const name = target.source.map((part) => context.identity(part).toLowerCase());
  return relations.find((relation) => {
    if (relation.alias !== undefined) return name.length === 1 && relation.alias.toLowerCase() === name[0];
    if (relation.kind !== 'table' || isLocation(relation.source)) return false;
    const other = relation.source.map((part) => context.identity(part).toLowerCase());
    return name.every((part, index) => part === other[other.length - name.length + index]);
  });
}

/** Relations that are assigned to: they are targets, not sources. */
function changedRelations(
  assignments: readonly Assignment[],
  relations: readonly Relation[],
  main: Relation | undefined,
  context: ResolveContext
): Set<Relation> {
  const changed = new Set<Relation>();
  for (const { column } of assignments) {
    const qualifier = column.parts.slice(0, -1).map((part) => part.toLowerCase());
    const named =
      qualifier.length === 0 ? undefined : relations.find((relation) => isCalled(relation, qualifier, context));
    const target = named ?? main;
    if (target !== undefined) changed.add(target);
  }
  if (changed.size === 0 && main !== undefined) changed.add(main);
  return changed;
}

function isCalled(relation: Relation, qualifier: readonly string[], context: ResolveContext): boolean {
  if (relation.alias !== undefined) return qualifier.length === 1 && relation.alias.toLowerCase() === qualifier[0];
  if (relation.kind !== 'table' || isLocation(relation.source)) return false;
  const parts = relation.source.map((part) => context.identity(part).toLowerCase());
  return qualifier.every((part, index) => part === parts[parts.length - qualifier.length + index]);
}

/** What an assignment's value is made of; of `(a, b) = (SELECT x, y)` one of the two. */
export function valueSources(
  resolver: QueryResolver,
  assignment: Assignment,
  ctes: CteScope,
  scope: Scope
): readonly ColumnSource[] {
  const { value, position } = assignment;
  const query = value.queries[0];
  if (position === undefined || query === undefined) return resolver.sources(value, ctes, scope);
  return resolver.query(query, ctes, scope).columns[position]?.sources ?? [];
}

/** Edges into a column, except those from the changed table itself: a row's own values aren't lineage. */
export function flow(sources: readonly ColumnSource[], target: TableRef, column: string): ColumnEdge[] {
  return sources
    .filter((source) => source.table?.key !== target.key && source.table?.kind !== 'path')
    .map((from) => ({ from, to: { table: target, column } }));
}

/** @returns the tables that it deletes from; what it reads is with the resolver */
export function resolveDelete(
  { targets, query }: Extract<Statement, { kind: 'delete' }>,
  resolver: QueryResolver
): readonly TableRef[] {
  const ctes = resolver.ctes(query.ctes, query.recursive, resolver.newCtes());
  const scope = resolver.newScope();
  const bind = (relation: Relation): Bound => {
    const bound = bindRelation(resolver, relation, ctes, scope);
    scope.bounds.push(bound);
    return bound;
  };
  query.body.from.forEach(bind);
  resolver.joins.push(...usingPairs(query.body.using, scope));
  const changed =
    targets.length === 0
      ? scope.bounds.slice(0, 1)
      : targets.map(
          (source) =>
            scope.find(source.map((part) => resolver.context.identity(part))) ?? bind({ kind: 'table', source })
        );
  for (const condition of query.body.conditions) resolver.condition(condition, ctes, scope);
  return changed.flatMap(
    ({ table, outputs }) => table ?? outputs.open[0] ?? outputs.columns[0]?.sources[0]?.table ?? []
  );
}

/** Keys of those that a DELETE names no more often than it deletes from them. */
export function readOnce(changes: readonly TableRef[], { times }: QueryResolver): ReadonlySet<string> {
  const keys = changes.map(({ key }) => key);
  return new Set(keys.filter((key) => (times.get(key) ?? 0) <= keys.filter((other) => other === key).length));
}

export function resolveMerge(
  statement: Extract<Statement, { kind: 'merge' }>,
  resolver: QueryResolver,
  finish: Finish
): StatementLineage {
  const ctes = resolver.ctes(statement.ctes, statement.recursive, resolver.newCtes());
  const sourceScope = resolver.newScope();
  for (const relation of statement.sources)
    sourceScope.bounds.push(bindRelation(resolver, relation, ctes, sourceScope));
  resolver.joins.push(...usingPairs(statement.using, sourceScope));
  const scope = resolver.newScope();
  const target = bindRelation(resolver, statement.target, ctes, scope, { reads: false });
  scope.bounds.push(...sourceScope.bounds, target);
  scope.hidden.push(...sourceScope.hidden);
  for (const condition of statement.conditions) resolver.condition(condition, ctes, scope);
  const table = target.table;
  if (table === undefined) return finish('merge', [], []);
  const edges = statement.clauses.flatMap((clause) => mergeEdges(resolver, clause, ctes, scope, sourceScope, table));
  return finish('merge', [table], edges);
}

function mergeEdges(
  resolver: QueryResolver,
  clause: MergeClause,
  ctes: CteScope,
  scope: Scope,
  sourceScope: Scope,
  target: TableRef
): ColumnEdge[] {
  if (clause.wholeRow) {
    return sourceScope.bounds.flatMap(({ outputs }) => [
      ...outputs.columns.flatMap((column) => flow(column.sources, target, column.name)),
      ...outputs.open.flatMap((table) => flow([{ table, column: '*' }], target, '*')),
    ]);
  }
  const assigned = clause.assignments.flatMap((assignment) => {
    const column = assignment.column.parts[assignment.column.parts.length - 1] ?? '';
    return flow(mergeValue(resolver, assignment.value, ctes, scope, sourceScope), target, column);
  });
  const columns = clause.columns.length > 0 ? clause.columns : (resolver.context.columnsOf(target) ?? []);
  const inserted = clause.values.flatMap((value, index) => {
    const column = columns[index];
    const sources = resolver.sources(value, ctes, sourceScope);
    return column === undefined ? [] : flow(sources, target, column);
  });
  return [...assigned, ...inserted];
}

/** An unqualified column in a MERGE is the source's when the source can have it. */
function mergeValue(
  resolver: QueryResolver,
  value: Expression,
  ctes: CteScope,
  scope: Scope,
  sourceScope: Scope
): readonly ColumnSource[] {
  const sources = resolver.sources(value, ctes, scope);
  if (sources.every((source) => source.table !== undefined)) return sources;
  const known = sources.filter((source) => source.table !== undefined);
  const unknown = sources.filter((source) => source.table === undefined);
  return [...known, ...unknown.flatMap((source) => sourceScope.resolve([source.column]))];
}
