import type { Cell, Measure, MeasureDialect, MeasuredColumn, MeasureValue, RowSet } from '../sources/index.js';
import { readGrouped } from './measure-statement.js';

/**
 * One of the statements that answer measures for each value of a column; all return the value first, the one with most
 * rows first.
 */
export interface DimensionStatement {
  readonly sql: string;
  /** The measures of a row, by their position in what was asked for. */
  readonly read: (row: readonly Cell[]) => ReadonlyMap<number, MeasureValue>;
}

/** One statement for aggregates, and one for each column whose values must be counted one by one. */
export function dimensionStatements(
  dialect: MeasureDialect,
  rows: RowSet,
  by: MeasuredColumn,
  measures: readonly Measure[]
): DimensionStatement[] {
  const isGrouped = (measure: Measure): measure is GroupedMeasure =>
    (measure.of === 'unique' || measure.of === 'percentile') && dialect.placement(measure, rows) === 'grouped';
  const plain = measures.flatMap((measure, place) => (isGrouped(measure) ? [] : [{ measure, place }]));
  const grouped = measures.flatMap((measure, place) => (isGrouped(measure) ? [{ measure, place }] : []));
  return [
    ...(plain.length === 0 ? [] : [aggregates(dialect, rows, by, plain)]),
    ...grouped.map((each) => counted(dialect, rows, by, each)),
  ];
}

type GroupedMeasure = Extract<Measure, { of: 'unique' | 'percentile' }>;

interface Placed<M extends Measure> {
  readonly measure: M;
  readonly place: number;
}

function aggregates(
  dialect: MeasureDialect,
  rows: RowSet,
  by: MeasuredColumn,
  measures: readonly Placed<Measure>[]
): DimensionStatement {
  const list = measures.map(({ measure }, at) => `${dialect.expression(measure)} AS m${at}`);
  const name = dialect.quote(by.name);
  const sql = `SELECT ${[dialect.shown(by), ...list].join(', ')} ${dialect.from(rows, 'all')} GROUP BY ${name} ORDER BY COUNT(*) DESC`;
  return {
    sql,
    read: (row) =>
      new Map(measures.map(({ measure, place }, at) => [place, dialect.read(measure, row[at + 1] ?? null)])),
  };
}

function counted(
  dialect: MeasureDialect,
  rows: RowSet,
  by: MeasuredColumn,
  { measure, place }: Placed<GroupedMeasure>
): DimensionStatement {
  const percentiles = measure.of === 'percentile' ? [measure.fraction] : [];
  const counts = {
    by,
    column: measure.column,
    on: measure.of === 'percentile' ? (measure.on ?? 'value') : 'value',
    distinct: false,
    unique: measure.of === 'unique',
    percentiles,
    slots: percentiles.length,
  } as const;
  const sql = dialect.groupedSelect(0, counts, dialect.from(rows, 'all'));
  return { sql, read: (row) => new Map([[place, readGrouped(measure, counts, row)]]) };
}
