import type { MeasureDialect, RowSet } from '../../sources/index.js';
import { wholeNumber, type TableSession } from '../table-session.js';
import type { ComparedParts } from './compare-parts.js';
import type { DiffColumn, DiffPlan } from './plan-diff.js';

export interface AntiJoinInput {
  readonly session: TableSession;
  readonly rows1: RowSet;
  readonly rows2: RowSet;
  readonly plan: DiffPlan;
  /** A value as compared: byte by byte, whatever the column's collation; without its case where that doesn't count. */
  readonly exact: (column: DiffColumn, expression: string) => string;
}

/** Two tables of one database: only three counts are fetched. */
export async function antiJoin({ session, rows1, rows2, plan, exact }: AntiJoinInput): Promise<ComparedParts> {
  const { dialect } = session;
  const one = `(SELECT * ${dialect.from(rows1, 'all')})`;
  const other = `(SELECT * ${dialect.from(rows2, 'all')})`;
  const on = pairs(dialect, plan.keys1, plan.keys2)
    .map(([a, b, one, other]) => `${exact(one, a)} = ${exact(other, b)}`)
    .join(' AND ');
  const equal = pairs(dialect, plan.columns1, plan.columns2).map(
    ([a, b, one, other]) => `(${exact(one, a)} = ${exact(other, b)} OR (${a} IS NULL AND ${b} IS NULL))`
  );
  const changed =
    equal.length === 0 ? '0' : `SUM(CASE WHEN b.om_there IS NULL OR (${equal.join(' AND ')}) THEN 0 ELSE 1 END)`;
  const there = (table: string): string => `(SELECT t.*, 1 AS om_there FROM ${table} AS t)`;
  const left = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN b.om_there IS NULL THEN 1 ELSE 0 END), 0), COALESCE(${changed}, 0) FROM ${one} AS a LEFT JOIN ${there(other)} AS b ON ${on}`;
  const right = `SELECT COUNT(*) FROM ${other} AS b LEFT JOIN ${there(one)} AS a ON ${on} WHERE a.om_there IS NULL`;
  const [row = []] = (await session.query(left, 1)).rows;
  const added = wholeNumber((await session.query(right, 1)).rows, 'a count');
  const number = (index: number): number => wholeNumber([[row[index] ?? null]], 'a count');
  return { rows: number(0), removed: number(1), changed: number(2), added, whole: true };
}

function pairs(
  dialect: MeasureDialect,
  one: readonly DiffColumn[],
  other: readonly DiffColumn[]
): [a: string, b: string, one: DiffColumn, other: DiffColumn][] {
  return one.flatMap((first, index): [string, string, DiffColumn, DiffColumn][] => {
    const second = other[index];
    return second === undefined
      ? []
      : [[`a.${dialect.quote(first.name)}`, `b.${dialect.quote(second.name)}`, first, second]];
  });
}
