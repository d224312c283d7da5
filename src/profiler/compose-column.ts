import type { ColumnProfile } from '../openmetadata/index.js';
import type { MeasureValue } from '../sources/index.js';
import { differenceKey } from './close-together.js';
import { keyOf, ROWS_KEY, type Ingredient } from './profile-asks.js';
import type { ColumnPlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;
type Scalars = Partial<Record<string, number | bigint | string>>;

/**
 * A column's profile except histogram and categories: the requested metrics, computed from their ingredients; those
 * without a value are left out.
 */
export function composeColumn(plan: ColumnPlan, values: Values, timestamp: number): ColumnProfile {
  const scalars: Scalars = {};
  for (const metric of plan.metrics) {
    const value = COMPOSED[metric]?.(reader(plan, values));
    if (value !== undefined && value !== null && !isInfinite(value)) scalars[metric] = value;
  }
  return { ...scalars, name: plan.catalogName, timestamp };
}

/** Not a double: JSON has no infinity, and OpenMetadata no number of hundreds of digits. */
function isInfinite(value: number | bigint | string): boolean {
  return typeof value !== 'string' && !Number.isFinite(Number(value));
}

type Read = (ingredient: Ingredient | 'rows') => number | undefined;

function reader(plan: ColumnPlan, values: Values): Reader {
  const raw = (ingredient: Ingredient): MeasureValue | undefined => values.get(keyOf(plan, ingredient));
  const toNumber = (value: MeasureValue | undefined): number | undefined =>
    typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
  return {
    number: (ingredient) => toNumber(ingredient === 'rows' ? values.get(ROWS_KEY) : raw(ingredient)),
    value: raw,
    exact: (...ingredients) => {
      const hasAll = ingredients.every((each) => values.has(differenceKey(plan, each)));
      return ingredients.map((each) => toNumber(hasAll ? values.get(differenceKey(plan, each)) : raw(each)));
    },
  };
}

interface Reader {
  readonly number: Read;
  readonly value: (ingredient: Ingredient) => number | bigint | string | null | undefined;
  /** Values of which only differences count: those that doubles don't blur, where they were measured. */
  readonly exact: (...ingredients: Ingredient[]) => (number | undefined)[];
}

const COMPOSED: Readonly<Record<string, (read: Reader) => number | bigint | string | null | undefined>> = {
  valuesCount: ({ number }) => number('values'),
  nullCount: ({ number }) => both(number('rows'), number('values'), (rows, values) => Math.max(0, rows - values)),
  nullProportion: ({ number }) => both(number('rows'), number('values'), (rows, values) => share(rows - values, rows)),
  distinctCount: distinctOf,
  distinctProportion: (read) => both(distinctOf(read), read.number('values'), share),
  uniqueCount: uniqueOf,
  uniqueProportion: (read) => both(uniqueOf(read), read.number('values'), share),
  duplicateCount: (read) => both(read.number('values'), distinctOf(read), (values, distinct) => values - distinct),
  min: ({ value }) => value('min'),
  max: ({ value }) => value('max'),
  minLength: ({ number }) => number('minLength'),
  maxLength: ({ number }) => number('maxLength'),
  mean: ({ number }) => number('mean'),
  sum: ({ number }) => number('sum'),
  stddev: ({ exact }) => exact('stddev')[0],
  firstQuartile: ({ number }) => number('q1'),
  median: ({ number }) => number('median'),
  thirdQuartile: ({ number }) => number('q3'),
  interQuartileRange: ({ exact }) => {
    const [first, third] = exact('q1', 'q3');
    return both(third, first, (above, below) => above - below);
  },
  nonParametricSkew: ({ exact }) => {
    const [mean, median, stddev] = exact('mean', 'median', 'stddev');
    if (mean === undefined || median === undefined || stddev === undefined || stddev === 0) return undefined;
    const difference = mean - median;
    // twice the largest double is none
    return Number.isFinite(difference) ? difference / stddev : mean / stddev - median / stddev;
  },
};

/**
 * Not more than there are values: it may be an estimate, and an unseeded sample gives other rows to the statement that
 * counts them one by one.
 */
function distinctOf(read: Reader): number | undefined {
  const distinct = read.number('distinct');
  return distinct === undefined ? undefined : atMost(read, Math.max(distinct, read.number('unique') ?? 0));
}

function uniqueOf(read: Reader): number | undefined {
  const unique = read.number('unique');
  return unique === undefined ? undefined : atMost(read, unique);
}

function atMost({ number }: Reader, counted: number): number {
  return Math.min(counted, number('values') ?? number('rows') ?? Infinity);
}

function both(
  left: number | undefined,
  right: number | undefined,
  compute: (left: number, right: number) => number | undefined
): number | undefined {
  return left === undefined || right === undefined ? undefined : compute(left, right);
}

/** None of nothing; between 0 and 1 where two statements saw different rows. */
function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.min(Math.max(part / whole, 0), 1);
}
