import type { ColumnLineage } from '../entities/index.js';

/**
 * Column lineage of both: one entry per (target column, function), with the source columns of both. Sorted by target
 * column and function, so that equal content is an equal value whoever wrote it.
 */
export function uniteColumnLineage(one: readonly ColumnLineage[], other: readonly ColumnLineage[]): ColumnLineage[] {
  const entries = new Map<string, { readonly entry: ColumnLineage; readonly sources: Set<string> }>();
  for (const entry of [...one, ...other]) {
    const key = `${entry.toColumn ?? ''}\0${entry.function ?? ''}`;
    const known = entries.get(key) ?? { entry, sources: new Set<string>() };
    for (const source of entry.fromColumns ?? []) known.sources.add(source);
    entries.set(key, known);
  }
  return [...entries.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { entry, sources }]) => ({
      ...(entry.toColumn === undefined ? {} : { toColumn: entry.toColumn }),
      fromColumns: [...sources].sort(),
      ...(entry.function === undefined ? {} : { function: entry.function }),
    }));
}
