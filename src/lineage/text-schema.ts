import type { PooledLineage } from '../sql/index.js';
import type { Found } from './text-edges.js';
import type { Text } from './text.js';

/** An INSERT that names its columns; false when in doubt. */
const NAMED_COLUMNS = /\binto\s+[^\s(]+\s*\(\s*(?!select\b|with\b|table\b|values\b|\()/i;
const INSERTS = /\b(insert|replace|merge)\b/gi;

export function needsSchema({ edges, kind }: PooledLineage, { sql }: Text): boolean {
  const isLoose = edges.some(
    ({ columns }) =>
      columns.length === 0 ||
      columns.some((pair) => pair.some((each) => each.table === undefined || each.column === '*'))
  );
  if (isLoose) return true;
  if (kind !== 'insert' && kind !== 'multi-insert' && kind !== 'merge') return false;
  return (sql.match(INSERTS) ?? []).length !== 1 || !NAMED_COLUMNS.test(sql);
}

/**
 * Columns by the names in the statement; if several tables have a name, the first one's columns, then what the others
 * have besides.
 */
export function schemaOf(found: Found): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...found].map(([name, [first, ...others]]) => {
      const names = [...(first?.columns.names ?? [])];
      const known = new Set(names.map((column) => column.toLowerCase()));
      for (const column of others.flatMap((table) => table.columns.names)) {
        if (!known.has(column.toLowerCase())) names.push(column);
        known.add(column.toLowerCase());
      }
      return [name, names];
    })
  );
}
