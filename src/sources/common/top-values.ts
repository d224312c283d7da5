import type { TopValues } from '../measures.js';

/** The SELECT of `MeasureDialect.topValuesSelect`, in SQL that all engines here share. */
export function topValuesSql(
  { index, limit }: Pick<TopValues, 'index' | 'limit'>,
  from: string,
  syntax: { readonly value: string; text(expression: string): string }
): string {
  const groups = `SELECT ${syntax.value} AS v, COUNT(*) AS n ${from} GROUP BY ${syntax.value}`;
  // NULL may be the most frequent value: one more is read, and the reader leaves NULL out
  const first = `SELECT v, n FROM (${groups}) AS g ORDER BY n DESC, v LIMIT ${limit + 1}`;
  return `SELECT ${index} AS i, ${syntax.text('v')} AS v, n FROM (${first}) AS f`;
}
