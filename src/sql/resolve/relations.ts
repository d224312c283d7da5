import type { Dialect } from '../dialect.js';
import { isLocation, type PivotRelation, type Relation, type Source, type TableRelation } from '../tree.js';
import type { ResolveContext } from './context.js';
import { computed, NO_OUTPUTS, type ColumnSource, type OutputColumn, type Outputs } from './outputs.js';
import { insertedOutputs } from './inserted-rows.js';
import { renamed, type CteScope, type QueryResolver } from './queries.js';
import { keysAmong } from '../column-names.js';
import { columnOf, indexed, type Bound, type Scope } from './scope.js';

export interface BindOptions {
  /** False for the table that an UPDATE or MERGE changes: it is in scope, but not read. Default true. */
  readonly reads?: boolean;
}

/**
 * Brings a relation into scope. `scope` holds the relations to its left, which LATERAL subqueries and functions see.
 */
export function bindRelation(
  resolver: QueryResolver,
  relation: Relation,
  ctes: CteScope,
  scope: Scope,
  options: BindOptions = {}
): Bound {
  switch (relation.kind) {
    case 'table': {
      const cte = cteOf(relation.source, ctes, resolver.context);
      if (cte !== undefined)
        return boundTo(relation, renamed(cte, relation.columnAliases), [cteKey(relation.source, resolver.context)]);
      if (isDual(relation.source)) return boundTo(relation, NO_OUTPUTS, []);
      const nested = unnested(relation, scope, resolver.context.dialect);
      if (nested !== undefined) {
        const columns = (relation.columnAliases ?? []).map((name): OutputColumn => ({ name, sources: nested }));
        return {
          ...boundTo(relation, { columns, open: [], certain: columns.length }, []),
          any: nested,
          fields: computed(nested),
        };
      }
      const now = resolver.context.table(relation.source);
      const table = relation.before === true ? { ...now, isBefore: true as const } : now;
      if (options.reads !== false && relation.unread !== true) resolver.read(table);
      const outputs = renamed(resolver.context.outputsOf(table), relation.columnAliases);
      return { ...boundTo(relation, outputs, table.qualifier), table };
    }
    case 'query': {
      const keepNames = (inner: Scope): void => {
        scope.hidden.push(...inner.bounds, ...inner.hidden);
      };
      const inside = relation.keepsNames === true ? keepNames : undefined;
      const outputs = renamed(resolver.query(relation.query, ctes, scope, inside), relation.columnAliases);
      return boundTo(relation, outputs, []);
    }
    case 'inserted': {
      const table = resolver.context.table(relation.source);
      const given = resolver.query(relation.query, ctes, scope);
      const outputs = insertedOutputs(relation, table, resolver.context.columnsOf(table), given);
      return { ...boundTo(relation, outputs, table.qualifier), table };
    }
    case 'function': {
      const sources = computed(resolver.sources(relation.args, ctes, scope));
      const names = relation.columnAliases ?? relation.outputs;
      const columns = names.map((name): OutputColumn => ({ name, sources }));
      const bound = boundTo(relation, { columns, open: [], certain: columns.length }, []);
      return { ...bound, any: sources };
    }
    case 'pivot': {
      const input = bindRelation(resolver, relation.input, ctes, scope, options);
      for (const query of relation.queries ?? []) resolver.query(query, ctes, scope);
      const alias = relation.alias?.toLowerCase() ?? input.alias;
      const bound = boundTo(relation, namedPivot(relation, pivoted(relation, input)), input.parts);
      return { ...bound, alias };
    }
  }
}

function boundTo(relation: Relation, outputs: Outputs, parts: readonly string[]): Bound {
  return { alias: relation.alias?.toLowerCase(), parts, table: undefined, ...indexed(outputs) };
}

function cteOf(source: Source, ctes: CteScope, context: ResolveContext): Outputs | undefined {
  if (isLocation(source) || source.length !== 1) return undefined;
  return ctes.get(cteKey(source, context));
}

function cteKey(source: Source, context: ResolveContext): string {
  const [part] = isLocation(source) ? [] : source;
  return part === undefined ? '' : context.identity(part).toLowerCase();
}

/**
 * `FROM dual` isn't a table, nor is `FROM $1` after a statement that isn't a query (`SHOW TABLES ->> SELECT … FROM
 * $1`).
 */
function isDual(source: Source): boolean {
  return !isLocation(source) && source.length === 1 && /^(dual|\$\d+)$/i.test(source[0]?.text ?? '');
}

/**
 * `FROM orders o, o.lines l`, `FROM s.orders, orders.lines`: rows from a column of a relation to the left, in dialects
 * that have such columns.
 */
function unnested(relation: TableRelation, scope: Scope, dialect: Dialect): readonly ColumnSource[] | undefined {
  if (!UNNESTS.has(dialect) || isLocation(relation.source) || relation.source.length < 2) return undefined;
  const parts = relation.source.map((part) => part.text);
  const first = parts[0]?.toLowerCase();
  const left = scope.bounds.find(({ alias, parts: own }) => (alias ?? own.at(-1)?.toLowerCase()) === first);
  return left === undefined ? undefined : columnOf(left, parts[1] ?? '');
}

const UNNESTS: ReadonlySet<Dialect> = new Set(['redshift', 'bigquery', 'hive']);

/**
 * The outputs under the names of the pivot's alias list. The columns that it makes come last, so their names are known
 * however many columns its input has.
 */
function namedPivot({ columnAliases: names, made }: PivotRelation, outputs: Outputs): Outputs {
  const all = renamed(outputs, names);
  if (names === undefined || outputs.open.length === 0 || names.length < made.length) return all;
  const makes = outputs.columns.slice(outputs.columns.length - made.length);
  const kept = names.length - made.length;
  const columns = all.columns.map((column, index) => ({
    ...column,
    sources: makes[index - kept]?.sources ?? column.sources,
  }));
  return { ...all, columns };
}

function pivoted(relation: PivotRelation, input: Bound): Outputs {
  const consumed = new Set(relation.consumed.map(keysAmong(input.outputs.columns)));
  const kept =
    relation.kept?.map((name): OutputColumn => ({ name, sources: columnOf(input, name) })) ??
    input.outputs.columns.filter((column) => !consumed.has(column.name.toLowerCase()));
  const made = relation.made.map(({ name, from }): OutputColumn => {
    const sources: ColumnSource[] = from.flatMap((column) => columnOf(input, column));
    return { name, sources };
  });
  const columns = [...kept, ...made];
  const open = relation.kept === undefined ? input.outputs.open : [];
  return { columns, open, certain: open.length === 0 ? columns.length : 0 };
}
