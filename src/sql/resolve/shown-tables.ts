import type { LineageTable } from '../query-lineage.js';
import type { TableRef } from './table-ref.js';

export function shown({ name, parts, kind, temporary, otherwise }: TableRef): LineageTable {
  return {
    name,
    parts,
    kind,
    ...(temporary === true ? { temporary } : {}),
    ...(otherwise === undefined || otherwise.length === 0 ? {} : { otherwise }),
  };
}

/** A path doesn't lead past a table that is in one of its schemas. */
export function shownOwn(table: TableRef): LineageTable {
  return { ...shown(table.temporary === true ? table : { ...table, otherwise: [] }), temporary: true };
}
