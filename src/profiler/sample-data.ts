import { listRowsSql, type Measuring } from '../measures/index.js';
import type { Cell, MeasureDialect } from '../sources/index.js';
import type { TablePlan } from './table-plan.js';

/** Most characters of a cell, as OpenMetadata keeps them. */
const MOST_CHARACTERS = 5_000;

export interface SampleData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** Some rows of the table; undefined if none are wanted. */
export async function readSampleData(
  plan: TablePlan,
  dialect: MeasureDialect,
  measuring: Measuring
): Promise<SampleData | undefined> {
  if (plan.sampleData === undefined) return undefined;
  const { columns, rows: limit } = plan.sampleData;
  const { table, isView, query, where } = plan.rows;
  const whole = {
    table,
    isView,
    ...(query === undefined ? {} : { query }),
    ...(where === undefined ? {} : { where }),
  };
  const sql = listRowsSql(dialect, whole, { columns: columns.map(({ column }) => column), limit });
  const rows = await measuring.rows(sql);
  return { columns: columns.map(({ catalogName }) => catalogName), rows: rows.map((row) => row.map(shownCell)) };
}

function shownCell(cell: Cell): string | number | boolean | null {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell);
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell.toString();
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof Uint8Array) return `[base64]${Buffer.from(cell).toString('base64').slice(0, MOST_CHARACTERS)}`;
  return cell.slice(0, MOST_CHARACTERS);
}
