import { hasPiece } from '../unknown-piece.js';
import type { ColumnSource } from './outputs.js';
import type { StatementLineage } from './statement-lineage.js';
import type { TableRef } from './table-ref.js';

/** A file of a stage of which a part is not known is told by its stage. */
export function knownPath(path: string): string {
  if (!hasPiece(path) || !path.startsWith('@')) return path;
  const [stage = path] = path.split('/', 1);
  return hasPiece(stage) ? path : stage;
}

/** Without the tables, paths and columns whose names have a part that is not known. */
export function withKnownNames(lineage: StatementLineage): StatementLineage {
  const { reads, writes, columns, joins, renames, drops, changes, empties, body } = lineage;
  if (body !== undefined) return lineage;
  const unnamed = [...reads, ...writes, ...(changes ?? []), ...(drops ?? [])].some((table) => !isNamed(table));
  const isKnown = columns.every(({ from, to }) => isTold(from) && isTold(to));
  if (!unnamed && isKnown && joins.every(({ left, right }) => [...left, ...right].every(isTold)) && !renames)
    return lineage;
  return {
    ...lineage,
    reads: reads.filter(isNamed),
    writes: writes.filter(isNamed),
    columns: columns.filter(({ from, to }) => isTold(from) && isTold(to)),
    joins: joins.filter(({ left, right }) => [...left, ...right].every(isTold)),
    ...(renames && { renames: renames.filter(({ from, to }) => isNamed(from) && isNamed(to)) }),
    ...(drops && { drops: drops.filter(isNamed) }),
    ...(changes && { changes: changes.filter(isNamed) }),
    ...(empties && { empties: empties.filter(isNamed) }),
  };
}

function isNamed({ name }: TableRef): boolean {
  return !hasPiece(name);
}

function isTold({ table, column }: ColumnSource): boolean {
  return !hasPiece(column) && (table === undefined || isNamed(table));
}
