import type { TopValues } from '../measure-dialect.js';

/** The SELECT of `MeasureDialect.topValuesSelect`, in SQL that all engines here share. */
export function topValuesSql(
  { index, limit, characters }: Omit<TopValues, 'column'>,
  from: string,
  syntax: { readonly value: string; cut(expression: string, characters: number): string; readonly hasWindows?: boolean }
): string {
  const groups = `SELECT ${syntax.value} AS v, COUNT(*) AS n ${from} GROUP BY ${syntax.value}`;
  // of the same rows: another statement may see others
  const all =
    syntax.hasWindows === false
      ? 'NULL AS t, NULL AS d'
      : 'SUM(CASE WHEN v IS NULL THEN 0 ELSE n END) OVER () AS t, COUNT(v) OVER () AS d';
  // NULL may be the most frequent value: one more is read, and the reader leaves NULL out
  const first = `SELECT v, n, ${all} FROM (${groups}) AS g ORDER BY n DESC, v LIMIT ${limit + 1}`;
  return `SELECT ${index} AS i, ${syntax.cut('v', characters)} AS v, n, t, d FROM (${first}) AS f`;
}

/** The first characters of a text. */
export function cutText(text: string, characters: number): string {
  return `SUBSTR(${text}, 1, ${characters})`;
}
