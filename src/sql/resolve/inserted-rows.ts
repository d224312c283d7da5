import type { InsertedRelation } from '../tree.js';
import { computed, distinctTables, type OutputColumn, type Outputs } from './outputs.js';
import type { TableRef } from './table-ref.js';
import { renamed } from './queries.js';

/**
 * The columns of the rows that an INSERT makes. What its query gives comes from the query; what it doesn't give (a
 * serial number, a default), or gives as a constant, is the table's own.
 * @param known columns of the table
 */
export function insertedOutputs(
  { columns, changed }: InsertedRelation,
  table: TableRef,
  known: readonly string[] | undefined,
  query: Outputs
): Outputs {
  if (columns.length === 0 && (known === undefined || query.open.length > 0)) return eitherOf(table, query);
  const names = columns.length > 0 ? columns : known?.slice(0, query.columns.length);
  const anew = new Set(changed.map((name) => name.toLowerCase()));
  const own = (name: string): OutputColumn => ({ name, sources: [{ table, column: name }] });
  const given = renamed(query, names)
    .columns.slice(0, names?.length)
    .map((column) => (anew.has(column.name.toLowerCase()) || column.sources.length === 0 ? own(column.name) : column));
  if (known === undefined) return { columns: given, open: [table], certain: 0 };
  const left = new Map(given.map((column) => [column.name.toLowerCase(), column]));
  const shown = known.map((name) => {
    const column = left.get(name.toLowerCase());
    left.delete(name.toLowerCase());
    return column ?? own(name);
  });
  // The catalog may not know yet what was added to the table.
  return { columns: [...shown, ...left.values()], open: [], certain: shown.length };
}

/** Where places can't be told: a column may be the table's own, or be given under whatever name. */
function eitherOf(table: TableRef, query: Outputs): Outputs {
  const columns = query.columns.map(({ name, sources }): OutputColumn => {
    return { name, sources: [...computed(sources), { table: undefined, column: name }] };
  });
  const givers = query.columns.flatMap(({ sources }) => sources.flatMap((source) => source.table ?? []));
  return { columns, open: distinctTables([table, ...query.open, ...givers]), certain: 0 };
}
