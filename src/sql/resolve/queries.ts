import type { ChangedRow, Cte, Expression, Query, QueryBody, Select, SetOperation, Source, Values } from '../tree.js';
import type { ResolveContext } from './context.js';
import {
  distinctSources,
  distinctTables,
  NO_OUTPUTS,
  type ColumnSource,
  type JoinPair,
  type OutputColumn,
  type Outputs,
} from './outputs.js';
import type { TableRef } from './table-ref.js';
import { bindRelation } from './relations.js';
import { indexed, Scope, type Bound } from './scope.js';
import { SelectList } from './select-list.js';
import { usingPairs } from './using-pairs.js';

/** CTEs in scope, innermost first. */
export class CteScope {
  readonly #ctes = new Map<string, Outputs>();
  readonly #onUse = new Map<string, () => void>();

  constructor(private readonly outer?: CteScope) {}

  get(name: string): Outputs | undefined {
    const found = this.#ctes.get(name);
    if (found === undefined) return this.outer?.get(name);
    this.#onUse.get(name)?.();
    return found;
  }

  /** @param onUse called when a relation is the CTE */
  set(name: string, outputs: Outputs, onUse?: () => void): void {
    const key = name.toLowerCase();
    this.#ctes.set(key, outputs);
    if (onUse === undefined) this.#onUse.delete(key);
    else this.#onUse.set(key, onUse);
  }
}

/** The row that fires a trigger: `NEW.c` and `OLD.c`, or T-SQL's tables `inserted` and `deleted`. */
export interface TriggerRows {
  readonly scope: Scope;
  readonly ctes: CteScope;
}

/** Works out what the queries of one statement read and what their columns come from. */
export class QueryResolver {
  readonly reads = new Map<string, TableRef>();
  /** How often each is named, by their keys. */
  readonly times = new Map<string, number>();
  readonly joins: JoinPair[] = [];

  /** @param rows of a trigger's body: the row that changes, in scope for every statement */
  constructor(
    readonly context: ResolveContext,
    private readonly rows?: TriggerRows
  ) {}

  read(table: TableRef): void {
    const { key } = table;
    this.reads.set(key, this.reads.get(key) ?? table);
    this.times.set(key, (this.times.get(key) ?? 0) + 1);
  }

  /** Where a statement's own relations come into scope. */
  newScope(): Scope {
    return new Scope(this.rows?.scope, this.context.structs);
  }

  /** The scope of a statement's own CTEs. */
  newCtes(): CteScope {
    return new CteScope(this.rows?.ctes);
  }

  /** @param inside called with the scope of a query that is one SELECT */
  query(
    query: Query,
    ctes: CteScope,
    outer: Scope | undefined = this.rows?.scope,
    inside?: (scope: Scope) => void
  ): Outputs {
    const inner = query.ctes.length === 0 ? ctes : this.ctes(query.ctes, query.recursive, ctes, outer);
    const { body, tail } = query;
    if (body.kind === 'select') return this.#select(body, inner, outer, tail, inside);
    const outputs = this.#body(body, inner, outer);
    for (const expression of tail) this.#reads(expression, inner, outer ?? new Scope(undefined, this.context.structs));
    return outputs;
  }

  /** Resolves a list of CTEs, each seeing the ones before it. */
  ctes(list: readonly Cte[], recursive: boolean, outerCtes: CteScope, outer?: Scope): CteScope {
    if (list.length === 0) return outerCtes;
    const scope = new CteScope(outerCtes);
    for (const cte of list) {
      const { returnedOf } = cte.query;
      if (returnedOf !== undefined) this.#returned(cte, returnedOf, scope, outer);
      else if (recursive || (this.context.implicitRecursion && cte.query.body.kind === 'set')) {
        // the anchor's columns represent the CTE inside itself
        const anchorScope = new CteScope(scope);
        anchorScope.set(cte.name, NO_OUTPUTS);
        const { body } = cte.query;
        const anchor = body.kind === 'set' ? body.operands[0] : undefined;
        const inner = this.ctes(cte.query.ctes, cte.query.recursive, anchorScope, outer);
        const first = anchor === undefined ? NO_OUTPUTS : this.query(anchor, inner, outer);
        const selfScope = new CteScope(scope);
        selfScope.set(cte.name, renamed(first, cte.columns));
        scope.set(cte.name, renamed(this.query(cte.query, selfScope, outer), cte.columns));
      } else scope.set(cte.name, renamed(this.query(cte.query, scope, outer), cte.columns));
    }
    return scope;
  }

  /** Rows that a change returns are read where the CTE is used: the change itself is a statement of its own. */
  #returned({ name, columns, query }: Cte, of: Source, ctes: CteScope, outer?: Scope): void {
    const before = new Set(this.reads.keys());
    const outputs = renamed(this.query(query, ctes, outer), columns);
    const own = [...this.reads.values()].filter(({ key }) => !before.has(key));
    for (const { key } of own) this.reads.delete(key);
    const changed = this.context.table(of);
    const sources = outputs.columns.flatMap((column) => column.sources);
    const shown = [...sources.flatMap(({ table }) => table ?? []), ...outputs.open];
    const isUnsure = sources.some(({ table }) => table === undefined);
    // What was inserted is the query's, and the table's own where it shows.
    const isGiven = query.body.kind === 'select' && query.body.from[0]?.kind === 'inserted' && !isUnsure;
    const others = isUnsure || (isGiven && shown.some(({ key }) => key !== changed.key)) ? own : [];
    const read = [...others, ...(isGiven ? [] : [changed]), ...shown];
    ctes.set(name, outputs, () => {
      for (const table of read) this.reads.set(table.key, this.reads.get(table.key) ?? table);
    });
  }

  #body(body: QueryBody, ctes: CteScope, outer: Scope | undefined): Outputs {
    switch (body.kind) {
      case 'query':
        return this.query(body, ctes, outer);
      case 'select':
        return this.#select(body, ctes, outer);
      case 'set':
        return this.#set(body, ctes, outer);
      case 'values':
        return this.#values(body, ctes, outer);
    }
  }

  #values(body: Values, ctes: CteScope, outer: Scope | undefined): Outputs {
    const scope = new Scope(outer, this.context.structs);
    const columns: { name: string; sources: ColumnSource[] }[] = [];
    for (const row of body.rows) {
      row.forEach((expression, index) => {
        const column = (columns[index] ??= { name: `column${index + 1}`, sources: [] });
        column.sources.push(...this.sources(expression, ctes, scope));
      });
    }
    return { columns, open: [], certain: columns.length };
  }

  /** Columns by position under the first query's names; by name when positions are not certain. */
  #set(body: SetOperation, ctes: CteScope, outer: Scope | undefined): Outputs {
    const all = body.operands.map((operand) => this.query(operand, ctes, outer));
    const first = all[0] ?? NO_OUTPUTS;
    const isAligned =
      !body.byName &&
      all.every((outputs) => outputs.open.length === 0 && outputs.columns.length === first.columns.length);
    if (isAligned) {
      const columns = first.columns.map((column, index) => ({
        name: column.name,
        sources: distinctSources(all.flatMap((outputs) => outputs.columns[index]?.sources ?? [])),
      }));
      return { columns, open: [], certain: columns.length };
    }
    const byName = new Map<string, { name: string; sources: ColumnSource[] }>();
    for (const column of all.flatMap((outputs) => outputs.columns)) {
      const key = column.name.toLowerCase();
      const merged = byName.get(key) ?? { name: column.name, sources: [] };
      merged.sources.push(...column.sources);
      byName.set(key, merged);
    }
    const open = distinctTables(all.flatMap((outputs) => outputs.open));
    return { columns: [...byName.values()], open, certain: 0, ...(open.length > 0 ? { branches: all } : {}) };
  }

  #select(
    select: Select,
    ctes: CteScope,
    outer: Scope | undefined,
    tail: readonly Expression[] = [],
    inside?: (scope: Scope) => void
  ): Outputs {
    const scope = new Scope(outer, this.context.structs);
    for (const { columns = [] } of select.using) for (const column of columns) scope.using.add(column.toLowerCase());
    let joined = 0;
    for (const relation of select.from) {
      scope.bounds.push(bindRelation(this, relation, ctes, scope));
      // As soon as its sides are there: a LATERAL subquery further right may use what a join shares.
      const first = joined;
      while ((select.using[joined]?.end ?? Infinity) <= scope.bounds.length) joined += 1;
      this.joins.push(...usingPairs(select.using.slice(first, joined), scope));
    }
    if (select.changed !== undefined) scope.hidden.push(...this.#versions(select.changed, scope));
    const list = new SelectList(this, select, ctes, scope);
    const listed = (): void => {
      for (const item of select.items) list.add(item);
    };
    // ClickHouse knows the aliases in ON and WHERE.
    const isListFirst = this.context.dialect === 'clickhouse';
    if (isListFirst) listed();
    for (const condition of select.conditions) this.condition(condition, ctes, scope);
    if (!isListFirst) listed();
    for (const expression of tail) this.#reads(expression, ctes, scope);
    inside?.(scope);
    return list.outputs();
  }

  /** The changed row as it was and as it is, under names of their own. */
  #versions({ at, old, anew }: ChangedRow, scope: Scope): readonly Bound[] {
    const row = scope.bounds[at];
    if (row?.table === undefined) return [];
    return [
      { ...row, alias: old, ...indexed(this.context.outputsOf(row.table)) },
      { ...row, alias: anew },
    ];
  }

  /** Reads an expression for its subqueries only. */
  #reads(expression: Expression, ctes: CteScope, scope: Scope): void {
    for (const query of expression.queries) this.query(query, ctes, scope);
    for (const query of expression.tests) this.query(query, ctes, scope);
  }

  /** Reads an expression for its subqueries and equalities only. */
  condition(expression: Expression, ctes: CteScope, scope: Scope): void {
    this.#reads(expression, ctes, scope);
    for (const { left, right } of expression.equalities) {
      this.joins.push({ left: scope.reference(left), right: scope.reference(right) });
    }
  }

  /** Where the value of an expression comes from. */
  sources(
    expression: Expression,
    ctes: CteScope,
    scope: Scope,
    windows?: ReadonlyMap<string, Expression>
  ): readonly ColumnSource[] {
    const sources: ColumnSource[] = [];
    for (const column of expression.columns) sources.push(...scope.reference(column));
    for (const query of expression.queries) {
      const outputs = this.query(query, ctes, scope);
      for (const column of outputs.columns) sources.push(...column.sources);
      for (const table of outputs.open) sources.push({ table, column: '*' });
    }
    for (const query of expression.tests) this.query(query, ctes, scope);
    for (const star of expression.stars) sources.push(...scope.all(star));
    for (const name of expression.windows) {
      const window = windows?.get(name);
      if (window === undefined) continue;
      // A window may be built on another one, never on itself.
      const others = new Map([...(windows ?? [])].filter(([other]) => other !== name));
      sources.push(...this.sources(window, ctes, scope, others));
    }
    if (expression.countsRows && this.context.countsRows) {
      for (const bound of scope.bounds) {
        for (const table of bound.outputs.open) sources.push({ table, column: '*' });
        if (bound.table !== undefined && bound.outputs.open.length === 0)
          sources.push({ table: bound.table, column: '*' });
      }
    }
    return distinctSources(sources);
  }
}

/** Columns under the names of an alias list. */
export function renamed(outputs: Outputs, names: readonly string[] | undefined): Outputs {
  if (names === undefined || names.length === 0) return outputs;
  const only = outputs.open.length === 1 ? outputs.open[0] : undefined;
  const columns = names.map((name, index): OutputColumn => {
    const known = index < outputs.certain ? outputs.columns[index] : undefined;
    return { name, sources: known?.sources ?? (only === undefined ? [] : [{ table: only, column: name }]) };
  });
  const rest = outputs.open.length === 0 ? outputs.columns.slice(names.length) : [];
  return { columns: [...columns, ...rest], open: [], certain: columns.length + rest.length };
}
