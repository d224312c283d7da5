import {
  parseLineage,
  type Dialect,
  type LineageColumn,
  type LineageOptions,
  type QueryLineage,
} from '../../../src/sql/index.js';

/** A lineage as short texts, so that a test reads like the fact it states. */
export interface Shape {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** `source column > target column`, sorted. */
  readonly columns: readonly string[];
}

export function columnText(column: LineageColumn): string {
  return column.table === undefined ? column.column : `${column.table}.${column.column}`;
}

export function shapeOf(lineage: QueryLineage): Shape {
  return {
    sources: lineage.sources.map((table) => table.name).sort(),
    targets: lineage.targets.map((table) => table.name).sort(),
    columns: lineage.columns.map(([from, to]) => `${columnText(from)} > ${columnText(to)}`).sort(),
  };
}

export function shape(sql: string, dialect: Dialect, options?: LineageOptions): Shape {
  return shapeOf(parseLineage(sql, dialect, options));
}

export function columns(sql: string, dialect: Dialect, options?: LineageOptions): readonly string[] {
  return shape(sql, dialect, options).columns;
}

/** What usage makes of SQL: what a DELETE reads counts, too. */
export function used(sql: string, dialect: Dialect, options: LineageOptions = {}): QueryLineage {
  return parseLineage(sql, dialect, { ...options, countsAside: true, without: 'stored' });
}

/** The parts of the names of tables that change without any data flowing. */
export function changedTables(sql: string, dialect: Dialect, exactNames = false): (readonly string[])[] {
  return used(sql, dialect, { exactNames }).changed.map(({ parts }) => parts);
}

/**
 * What usage makes of SQL in one line: the tables that it reads, `>` those that it writes, those that change otherwise,
 * its joins, and why it may be incomplete.
 */
export function told(sql: string, dialect: Dialect): string {
  const { sources, targets, changed, joins, doubts } = used(sql, dialect);
  const names = (tables: typeof sources): string => tables.map(({ name }) => name).join(' ');
  const columns = joins.map(({ left, right }) => `${columnText(left)}=${columnText(right)}`);
  const others = changed.length > 0 ? ['changed', names(changed)] : [];
  return [names(sources), '>', names(targets), ...others, ...columns, ...doubts].join(' ').replace(/\s+/g, ' ').trim();
}
