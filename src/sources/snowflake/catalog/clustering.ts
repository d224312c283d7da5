import type { SourcePartition } from '../../records.js';

/** Names, quoted or not, and the string literals that must not be taken for names. */
const TOKEN = /"((?:[^"]|"")+)"|'(?:[^']|'')*'|([A-Za-z_][\w$]*)/g;

/**
 * The columns of a clustering key such as `LINEAR(TO_DATE("Day"), REGION)`: the names in it that are columns of the
 * table, in order; undefined when there are none, e.g. for a key on an expression without a column.
 */
export function clusteringPartition(key: string, columnNames: readonly string[]): SourcePartition | undefined {
  const byUpperCase = new Map(columnNames.map((name) => [name.toUpperCase(), name]));
  const exact = new Set(columnNames);
  const found = new Set<string>();
  for (const [, quoted, plain] of key.replace(/^\s*linear\s*(?=\()/i, '').matchAll(TOKEN)) {
    const written = quoted?.replaceAll('""', '"');
    const name =
      written === undefined ? byUpperCase.get(plain?.toUpperCase() ?? '') : exact.has(written) ? written : undefined;
    if (name !== undefined) found.add(name);
  }
  if (found.size === 0) return undefined;
  return { columns: [...found].map((columnName) => ({ columnName, intervalType: 'COLUMN-VALUE' })) };
}
