import { shownCell, type ShownCell } from '../measures/index.js';
import { comparedAs, type Cell, type MeasureDialect, type MeasuredColumn } from '../sources/index.js';
import type { TableFacts } from './test-rule.js';
import { measuredColumn } from './to-measures.js';

/** A row of the table's columns, as the profiler shows rows. */
export function listedCells(
  row: readonly Cell[],
  columns: readonly MeasuredColumn[],
  dialect: MeasureDialect
): ShownCell[] {
  return row.map((cell, index) => shownCell(cell, columns[index], dialect));
}

/** What is told by a column's name; bytes come as they are, not as `MeasureDialect.shown` has them. */
const BY_NAME: ReadonlySet<string> = new Set<ReturnType<typeof comparedAs>>(['time', 'whole', 'decimal', 'float']);

/** The same of a cell of a user's query: its times and numbers are known by the names of the table's columns. */
export function queriedCells(
  columns: TableFacts['columns'],
  dialect: MeasureDialect
): (cell: Cell, name: string) => ShownCell {
  const known = new Map(
    columns.map(measuredColumn).flatMap((column) => {
      return BY_NAME.has(comparedAs(column)) ? [[column.name.toLowerCase(), column] as const] : [];
    })
  );
  return (cell, name) => shownCell(cell, known.get(name.toLowerCase()), dialect);
}
