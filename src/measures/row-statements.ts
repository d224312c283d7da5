import type { Condition, MeasureDialect, MeasuredColumn, RowSet } from '../sources/index.js';

/** A statement that reads no row: its result shows the columns of a user's SELECT. */
export function columnsSql(dialect: MeasureDialect, { table, isView, query }: RowSet): string {
  return `SELECT * ${dialect.from({ table, isView, ...(query === undefined ? {} : { query }) }, 'all')} LIMIT 0`;
}

/**
 * A statement that reads next to nothing, and fails only when the rows can't be read at all: with their sample, which
 * the engine may refuse as well.
 */
export function probeSql(dialect: MeasureDialect, rows: RowSet): string {
  return `SELECT 1 AS one ${dialect.from(rows, [])} LIMIT 1`;
}

/** Some of the rows, as JSON can hold them. Literals are inlined: users are shown the statement as it is. */
export function listRowsSql(
  dialect: MeasureDialect,
  rows: RowSet,
  { columns, where, limit }: { columns: readonly MeasuredColumn[]; where?: Condition; limit: number }
): string {
  const list = columns.map((column) => `${dialect.shown(column)} AS ${dialect.quote(column.name)}`).join(', ');
  // conditions other than the rows' own are outside of a sample
  const from =
    where === undefined
      ? dialect.from(rows, columns)
      : rows.sample === undefined
        ? dialect.from(
            { ...rows, where: rows.where === undefined ? where : { op: 'and', of: [rows.where, where] } },
            columns
          )
        : `FROM (SELECT * ${dialect.from(rows, 'all')}) AS sampled WHERE ${dialect.condition(where)}`;
  return `SELECT ${list} ${from} LIMIT ${limit}`;
}

/** All rows of the table, or of its partition: counted, not estimated from a sample. */
export function unsampled(rows: RowSet): RowSet {
  const { table, isView, query, where } = rows;
  return { table, isView, ...(query === undefined ? {} : { query }), ...(where === undefined ? {} : { where }) };
}

/** Counts all of the rows, of which a sample may be taken. */
export function countRowsSql(rows: RowSet, dialect: Pick<MeasureDialect, 'from'>): string {
  return `SELECT COUNT(*) ${dialect.from(unsampled(rows), [])}`;
}
