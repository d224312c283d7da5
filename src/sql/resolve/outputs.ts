import type { NamedColumn } from '../column-names.js';
import type { TableRef } from './table-ref.js';

/** Where a value comes from; no table when several may have the column. */
export interface ColumnSource {
  readonly table: TableRef | undefined;
  /** What it is compared by, ignoring case. */
  readonly column: string;
  /** The value is worked out of the column: to compare it is not to compare the column. */
  readonly isComputed?: true;
}

export interface ColumnEdge {
  readonly from: ColumnSource;
  readonly to: ColumnSource;
}

/** Where the two sides of an equality come from. */
export interface JoinPair {
  readonly left: readonly ColumnSource[];
  readonly right: readonly ColumnSource[];
}

export interface OutputColumn extends NamedColumn {
  readonly sources: readonly ColumnSource[];
}

/** The columns a relation shows. */
export interface Outputs {
  readonly columns: readonly OutputColumn[];
  /** Tables whose columns flow through by `*` and are not known by name. */
  readonly open: readonly TableRef[];
  /** How many columns come before the first unknown `*`: only those have a certain position. */
  readonly certain: number;
  /** Of a UNION of unknown `*`: what each operand shows. A column asked for by name comes from all of them. */
  readonly branches?: readonly Outputs[];
}

export const NO_OUTPUTS: Outputs = { columns: [], open: [], certain: 0 };

/** As sources of a value that is worked out of them. */
export function computed(sources: readonly ColumnSource[]): readonly ColumnSource[] {
  return sources.map((source) => ({ ...source, isComputed: true }));
}

/** The sources once each, ignoring case. */
export function distinctSources(sources: readonly ColumnSource[]): readonly ColumnSource[] {
  if (sources.length < 2) return sources;
  const seen = new Map<string, ColumnSource>();
  for (const source of sources) {
    const key = `${source.table?.key ?? ''}\u0000${source.column.toLowerCase()}`;
    if (!seen.has(key) || seen.get(key)?.isComputed === true) seen.set(key, source);
  }
  return [...seen.values()];
}

/** The tables once each. */
export function distinctTables(tables: readonly TableRef[]): readonly TableRef[] {
  return tables.length < 2 ? tables : [...new Map(tables.map((table) => [table.key, table])).values()];
}
