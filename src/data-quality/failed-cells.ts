import { isoTime, shownText } from '../measures/index.js';
import { comparedAs, type Cell, type MeasureDialect, type MeasuredColumn } from '../sources/index.js';
import type { CellValue } from './measure.js';
import { shownCell } from './table-session.js';
import type { TableFacts } from './test-rule.js';
import { measuredColumn } from './to-measures.js';

/** A row of the table's columns as JSON has it, as the profiler shows rows. */
export function listedCells(
  row: readonly Cell[],
  columns: readonly MeasuredColumn[],
  dialect: MeasureDialect
): CellValue[] {
  return row.map((cell, index) => {
    const column = columns[index];
    return shownCell(typeof cell === 'string' && column !== undefined ? shownText(cell, column, dialect) : cell);
  });
}

/** The same of a cell of a user's query: its times are known by the names of the table's columns. */
export function queriedCells(columns: TableFacts['columns']): (cell: Cell, name: string) => CellValue {
  const times = new Set(
    columns.filter((column) => comparedAs(measuredColumn(column)) === 'time').map(({ name }) => name.toLowerCase())
  );
  return (cell, name) => shownCell(typeof cell === 'string' && times.has(name.toLowerCase()) ? isoTime(cell) : cell);
}
