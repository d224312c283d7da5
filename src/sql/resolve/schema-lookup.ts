import type { LineageOptions, SchemaLookup } from '../query-lineage.js';

/** By the name that a text has, else ignoring case. */
export function lookupOf(schema: LineageOptions['schema']): SchemaLookup {
  if (schema === undefined) return () => undefined;
  if (typeof schema === 'function') return schema;
  const tables = new Map(Object.entries(schema).map(([table, columns]) => [table.toLowerCase(), columns]));
  const exact = new Map(Object.entries(schema));
  return (table) => exact.get(table) ?? tables.get(table.toLowerCase());
}
