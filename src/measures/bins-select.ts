import type { Bins, Condition, MeasureDialect } from '../sources/index.js';

type Conditions = Pick<MeasureDialect, 'condition'>;

/**
 * One SELECT of rows `index`, number of a bin, values in it. A value's bin is searched for by halves, so that a hundred
 * bins cost seven comparisons a row; bins without values have no row, and values that are in none have NULL. There is
 * no WHERE: every statement is to see the same rows of a seeded sample.
 * @param from the result of `MeasureDialect.from`
 */
export function binsSelect(index: number, bins: Bins, from: string, dialect: Conditions): string {
  const bin = `CASE WHEN ${dialect.condition(valuesIn(bins))} THEN ${search(bins, dialect, 0, bins.bounds.length)} END`;
  return `SELECT ${index} AS i, b, COUNT(*) AS n FROM (SELECT ${bin} AS b ${from}) AS g GROUP BY b`;
}

/** The bin of a value that is in one of `first` to `last`. */
function search(bins: Bins, dialect: Conditions, first: number, last: number): string {
  if (first === last) return String(first);
  const middle = Math.floor((first + last) / 2);
  const value = bins.bounds[middle];
  if (value === undefined) throw new RangeError(`There is no bound ${middle} among ${bins.bounds.length}`);
  const isBelow = dialect.condition({ op: 'compare', column: bins.column, is: '<', value });
  const [lower, upper] = [search(bins, dialect, first, middle), search(bins, dialect, middle + 1, last)];
  return `CASE WHEN ${isBelow} THEN ${lower} ELSE ${upper} END`;
}

function valuesIn({ column, finite }: Bins): Condition {
  if (finite !== true) return { op: 'not', of: { op: 'isNull', column } };
  const { MAX_VALUE } = Number;
  return {
    op: 'and',
    of: [
      { op: 'compare', column, is: '<=', value: MAX_VALUE },
      { op: 'compare', column, is: '>=', value: -MAX_VALUE },
    ],
  };
}
