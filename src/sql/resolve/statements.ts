import type { StatementKind } from '../query-lineage.js';
import type { Statement, Trigger } from '../statement-tree.js';
import { isLocation, type Query, type Select } from '../tree.js';
import type { ResolveContext } from './context.js';
import type { ColumnEdge } from './outputs.js';
import type { TableRef } from './table-ref.js';
import { readOnce, resolveDelete, resolveMerge, resolveUpdate } from './changes.js';
import { followStatement } from './follow-statement.js';
import { withKnownNames } from './known-names.js';
import { QueryResolver, type TriggerRows } from './queries.js';
import { bindRelation } from './relations.js';
import { CREATIONS, flat } from './statement-kinds.js';
import { TriggerRow } from './triggers.js';
import { upsertEdges } from './upserts.js';
import { certainOf } from './ways.js';
import { columnEdges, resolveMultiInsert } from './writes.js';
import type { StatementLineage } from './statement-lineage.js';

const NOTHING = { reads: [], writes: [], columns: [], joins: [] };

export function resolveStatement(
  statement: Statement,
  context: ResolveContext,
  viewTarget?: TableRef,
  rows?: TriggerRows
): StatementLineage {
  const lineage = withKnownNames(resolved(statement, context, viewTarget, rows));
  followStatement(lineage, context);
  return lineage;
}

function resolved(
  statement: Statement,
  context: ResolveContext,
  viewTarget?: TableRef,
  rows?: TriggerRows
): StatementLineage {
  const resolver = new QueryResolver(context, rows);
  const done = (
    kind: StatementKind,
    writes: readonly TableRef[],
    columns: readonly ColumnEdge[]
  ): StatementLineage => ({
    kind,
    reads: [...resolver.reads.values()],
    writes,
    columns,
    joins: resolver.joins,
  });
  switch (statement.kind) {
    case 'select': {
      const outputs = resolver.query(statement.query, resolver.newCtes());
      const into = intoOf(statement.query);
      const target = into === undefined ? viewTarget : context.newTable(into);
      if (target === undefined) return done('select', [], []);
      if (target.kind === 'path') return done('unload', [target], []);
      const created = done(
        into === undefined ? 'create-view' : 'create-table',
        [target],
        columnEdges(context, target, outputs, [], [])
      );
      if (into !== undefined && outputs.open.length === 0)
        context.created.set(
          target.key,
          outputs.columns.map((column) => column.name)
        );
      return created;
    }
    case 'insert': {
      const target = context.table(statement.target);
      const ctes = resolver.newCtes();
      const outputs = statement.query === undefined ? undefined : resolver.query(statement.query, ctes);
      const scope = resolver.newScope();
      const { target: source, alias } = statement;
      // Subqueries behind the inserted query ask for the changed row.
      const row = { kind: 'table' as const, source, ...(alias === undefined ? {} : { alias }) };
      if (statement.extras.length > 0) scope.bounds.push(bindRelation(resolver, row, ctes, scope, { reads: false }));
      for (const extra of statement.extras) resolver.condition(extra, ctes, scope);
      const isValues =
        statement.query?.body.kind === 'values' &&
        statement.columns.length === 0 &&
        context.columnsOf(target) === undefined;
      if (outputs === undefined || isLocation(statement.target)) return done('insert', [target], []);
      const columns = statement.byName ? [] : statement.columns;
      const fixed = statement.byName ? undefined : statement.fixedColumns;
      const inserted = isValues ? [] : columnEdges(context, target, outputs, columns, fixed);
      const updated = upsertEdges(statement, resolver, ctes, outputs, target);
      return done('insert', [target], [...inserted, ...updated]);
    }
    case 'create': {
      const target = context.newTable(statement.target);
      const kind = statement.what === 'view' ? 'create-view' : 'create-table';
      const outputs = statement.query === undefined ? undefined : resolver.query(statement.query, resolver.newCtes());
      const edges = outputs === undefined ? [] : columnEdges(context, target, outputs, statement.columns, undefined);
      const names =
        statement.columns.length > 0
          ? statement.columns
          : outputs?.open.length === 0
            ? outputs.columns.map((column) => column.name)
            : undefined;
      if (names !== undefined) context.created.set(target.key, names);
      if (statement.recursive === true) resolver.reads.delete(target.key);
      const others = statement.recursive === true ? edges.filter(({ from }) => from.table?.key !== target.key) : edges;
      return done(kind, [target], others);
    }
    case 'update':
      return resolveUpdate(statement, resolver, done);
    case 'merge':
      return resolveMerge(statement, resolver, done);
    case 'multi-insert':
      return resolveMultiInsert(statement, resolver, done);
    case 'transfer': {
      const isNew = statement.verb === 'like' || statement.verb === 'clone';
      const target = isNew ? context.newTable(statement.to) : context.table(statement.to);
      const from = statement.from.map((source) => context.table(source));
      for (const table of from) resolver.reads.set(table.key, table);
      const outputs = statement.query === undefined ? undefined : resolver.query(statement.query, resolver.newCtes());
      if (outputs !== undefined)
        return done(statement.verb, [target], columnEdges(context, target, outputs, statement.columns, undefined));
      const movesAll = statement.verb !== 'like' && target.kind === 'table';
      const edges = movesAll
        ? from
            .filter((table) => table.kind === 'table')
            .flatMap((table) => columnEdges(context, target, context.outputsOf(table), [], undefined))
        : [];
      const losing = statement.movesRows === undefined ? {} : { changes: from };
      const giving = statement.movesRows === 'both' ? { gives: [target] } : {};
      const moved = { ...done(statement.verb, [target], edges), ...losing, ...giving };
      const other = from[0];
      return statement.verb === 'swap' && other !== undefined
        ? { ...moved, swaps: { left: target, right: other } }
        : moved;
    }
    case 'cache': {
      const target = statement.target && context.newTable(statement.target);
      const outputs = resolver.query(statement.query, resolver.newCtes());
      const isKnown = target !== undefined && outputs.open.length === 0;
      if (isKnown)
        context.created.set(
          target.key,
          outputs.columns.map(({ name }) => name)
        );
      const kept =
        target === undefined
          ? done('select', [], [])
          : done('create-view', [target], columnEdges(context, target, outputs, [], undefined));
      return { ...kept, isCache: true };
    }
    case 'rename': {
      const renames = statement.pairs.map((pair) => context.renamed(pair));
      const changes = statement.alters === true ? renames.map(({ from }) => from) : [];
      return { ...NOTHING, kind: 'rename', renames, changes };
    }
    case 'drop':
      return { ...NOTHING, kind: 'drop', drops: statement.tables.map((table) => context.table(table)) };
    case 'delete': {
      const changes = resolveDelete(statement, resolver);
      const read = context.countsAside ? done('other', [], []) : { ...NOTHING, kind: 'other' as const };
      return {
        ...read,
        changes,
        onlyLose: readOnce(changes, resolver),
        ...(statement.empties === true ? { empties: changes } : {}),
      };
    }
    case 'change': {
      const changes = statement.tables.map((table) => context.table(table));
      return { ...NOTHING, kind: 'other', changes, ...(statement.empties === true ? { empties: changes } : {}) };
    }
    case 'use':
      context.use(statement);
      return { ...NOTHING, kind: 'other' };
    case 'way':
      context.goOn(statement);
      return { ...NOTHING, kind: 'other' };
    case 'transaction':
      context.place.follow(statement);
      context.session.follow(statement);
      context.dropped.followTransaction(statement);
      return { ...NOTHING, kind: 'other' };
    case 'body': {
      const kind = statement.stored === true ? 'procedure' : statement.trigger === undefined ? 'block' : 'trigger';
      const resolveAll = (statements: readonly Statement[]): readonly StatementLineage[] =>
        statements.map((inner) => resolveInner(inner, context, statement.trigger));
      const others = (statement.others ?? []).map((other) => () => resolveAll(other));
      const resolveWay = (): readonly StatementLineage[] => resolveAll(statement.statements);
      const read = (): readonly StatementLineage[] =>
        others.length === 0 ? resolveWay() : certainOf(context, resolveWay, others);
      const isApart = kind !== 'block' || statement.isApart === true;
      const body = isApart ? context.within(read) : read();
      if (kind !== 'block') context.dropped.leave(temporaryKeys(body));
      return { ...NOTHING, kind, body };
    }
    case 'other':
      return { ...NOTHING, kind: 'other' };
  }
}

/** Of the temporary tables that a body makes. */
function temporaryKeys(body: readonly StatementLineage[]): readonly string[] {
  const made = flat(body).filter(({ kind }) => CREATIONS.has(kind));
  return made.flatMap(({ writes }) => writes.filter(({ temporary }) => temporary === true).map(({ key }) => key));
}

/** A statement of a body. One that uses a trigger's row reads the trigger's table. */
function resolveInner(inner: Statement, context: ResolveContext, trigger: Trigger | undefined): StatementLineage {
  if (trigger === undefined) return resolveStatement(inner, context);
  const row = new TriggerRow(trigger, context);
  const lineage = resolveStatement(inner, context, undefined, row);
  const fromTable = lineage.columns.some(({ from }) => from.table?.key === row.table.key);
  return row.used || fromTable ? { ...lineage, reads: [...lineage.reads, row.table] } : lineage;
}

/** The INTO of a query; for a set operation, that of the first SELECT that has one. */
function intoOf(query: Query): Select['into'] {
  const { body } = query;
  if (query.into !== undefined) return query.into;
  switch (body.kind) {
    case 'select':
      return body.into;
    case 'query':
      return intoOf(body);
    case 'set':
      return body.operands.map(intoOf).find((into) => into !== undefined);
    case 'values':
      return undefined;
  }
}
