import type { MeasuredColumn } from '../measured-column.js';
import type { GroupedCounts } from '../measure-dialect.js';

export interface GroupedSyntax {
  /** What is grouped: the column, or its length. */
  readonly value: string;
  /** The value `v` as percentiles take it: NULL where they leave it out. */
  readonly amount?: string;
  /** The value as text, without loss: selects of columns of several types are joined. */
  text(expression: string): string;
  quote(name: string): string;
  /** A column whose values the counts are told by, as `MeasureDialect.shown` has it. */
  shown(column: MeasuredColumn): string;
}

/**
 * The SELECT of `MeasureDialect.groupedSelect` in SQL that MySQL 8, MariaDB, SQLite and Snowflake share. Values are
 * counted once; percentiles are read from the running sum of the counts, so that no row is sorted, only values. There
 * is no WHERE: NULLs are left out of the sums, so that every statement sees the same rows of a seeded sample.
 *
 * The value at row r (from 0) of the ascending rows is the first one whose running sum is above r. For the fraction f
 * of n values percentile_cont lies between rows floor(f·(n−1)) and ceil(f·(n−1)).
 */
export function groupedCountsSql(index: number, counts: GroupedCounts, from: string, syntax: GroupedSyntax): string {
  const { distinct, unique, percentiles, slots, by } = counts;
  const { amount = 'v' } = syntax;
  const dimension = by === undefined ? '' : syntax.quote(by.name);
  const groups =
    by === undefined
      ? `SELECT ${syntax.value} AS v, COUNT(*) AS n ${from} GROUP BY ${syntax.value}`
      : `SELECT ${by === undefined ? '' : syntax.shown(by)} AS b, ${syntax.value} AS v, COUNT(*) AS n ${from} GROUP BY ${dimension}, ${syntax.value}`;
  const heads = [
    by === undefined ? `${index} AS i` : 'b AS i',
    `${distinct ? 'COUNT(v)' : 'NULL'} AS d`,
    `${unique ? 'COALESCE(SUM(CASE WHEN n = 1 AND v IS NOT NULL THEN 1 ELSE 0 END), 0)' : 'NULL'} AS u`,
    `SUM(CASE WHEN ${amount} IS NULL THEN 0 ELSE n END) AS t`,
  ];
  const tail = by === undefined ? '' : ' GROUP BY b ORDER BY SUM(n) DESC';
  const empty = Array<string>(2 * (slots - percentiles.length)).fill('NULL');
  if (percentiles.length === 0) return `SELECT ${[...heads, ...empty].join(', ')} FROM (${groups}) AS g${tail}`;
  const counted = `SUM(CASE WHEN ${amount} IS NULL THEN 0 ELSE n END)`;
  const [columns, inEach, each] =
    by === undefined ? ['v, n', '', ''] : ['b, v, n', 'PARTITION BY b ', 'PARTITION BY b'];
  const running = `SELECT ${columns}, ${counted} OVER (${inEach}ORDER BY v ROWS UNBOUNDED PRECEDING) AS upto, ${counted} OVER (${each}) AS total FROM (${groups}) AS g`;
  const bounds = percentiles.flatMap((fraction, at) => {
    const row = `${fraction} * (total - 1)`;
    return [
      `${syntax.text(`MIN(CASE WHEN upto > FLOOR(${row}) THEN ${amount} END)`)} AS l${at}`,
      `${syntax.text(`MIN(CASE WHEN upto > CEIL(${row}) THEN ${amount} END)`)} AS h${at}`,
    ];
  });
  return `SELECT ${[...heads, ...bounds, ...empty].join(', ')} FROM (${running}) AS w${tail}`;
}
