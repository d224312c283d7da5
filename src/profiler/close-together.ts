import type { MeasureDialect, MeasuredColumn, MeasureValue } from '../sources/index.js';
import { keyOf, measureOf, type Ingredient } from './profile-asks.js';
import type { Remeasured } from './remeasured.js';
import { DOWN, LARGE, LITTLE, UP } from './double-ranges.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;

/**
 * A column whose values lie so close together for their size that doubles blur their differences: identifiers near
 * 2^63, amounts of twenty digits. Differences are measured again, of the values less a number near them.
 */
export interface CloseColumn {
  readonly plan: ColumnPlan;
  /** What is subtracted: the least of the values, or a whole number near the middle ones. */
  readonly by: 'least' | bigint;
  /** What differences are multiplied by, if their squares leave doubles. */
  readonly factor?: number;
}

/** Smallest span for the size of the values that doubles still show to seven digits or more, and deviations in it. */
const RANGE = 1e-6;
const QUARTILES = 1e-8;
/** Quartiles below this are exact doubles if the values are whole numbers. */
const EXACT_QUARTERS = 2 ** 51;
const DIFFERENCES = ['stddev', 'interQuartileRange', 'nonParametricSkew', 'histogram'];
const OF_QUARTILES = ['interQuartileRange', 'histogram'];
const INEXACT: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE']);

/** @param values of the plan's ingredients, as they were measured first */
export function closeColumns(plan: TablePlan, values: Values): CloseColumn[] {
  return plan.columns.flatMap((column): CloseColumn[] => {
    if (column.kind !== 'number' || !column.metrics.some((metric) => DIFFERENCES.includes(metric))) return [];
    const read = (ingredient: Ingredient): number | bigint | undefined =>
      numeric(values.get(keyOf(column, ingredient)));
    const [least, most, distinct] = [read('min'), read('max'), read('distinct')];
    if (least === undefined || most === undefined || isOneValue(column.column, least, most, distinct)) return [];
    const range = spanOf(least, most);
    if (range <= RANGE * sizeOf(least, most)) return [{ plan: column, by: 'least', ...factorOf(column, range) }];
    const [first, third] = [read('q1'), read('q3')];
    // equal doubles are the values themselves
    if (first === third && INEXACT.has(column.column.dataType)) return [];
    if (first === undefined || third === undefined || !column.metrics.some((each) => OF_QUARTILES.includes(each)))
      return [];
    const [span, size] = [spanOf(first, third), sizeOf(first, third)];
    const isBlurred = span === 0 ? size >= EXACT_QUARTERS : span <= QUARTILES * size;
    return isBlurred && Number.isFinite(size) ? [{ plan: column, by: BigInt(Math.trunc(Number(first))) }] : [];
  });
}

function factorOf({ column }: ColumnPlan, range: number): Pick<CloseColumn, 'factor'> {
  if (!INEXACT.has(column.dataType) || range === 0 || (range > LITTLE && range < LARGE)) return {};
  return { factor: range < LARGE ? UP : DOWN };
}

/** Decimals may differ although they are the same double. */
function isOneValue(
  { dataType }: MeasuredColumn,
  least: number | bigint,
  most: number | bigint,
  distinct: number | bigint | undefined
): boolean {
  if (least !== most) return false;
  if (distinct !== undefined) return distinct <= 1;
  return typeof least === 'bigint' || INEXACT.has(dataType) || Number.isSafeInteger(least);
}

function spanOf(least: number | bigint, most: number | bigint): number {
  if (Number.isInteger(Number(least)) && Number.isInteger(Number(most))) return Number(BigInt(most) - BigInt(least));
  return Number(most) - Number(least);
}

function sizeOf(least: number | bigint, most: number | bigint): number {
  return Math.max(Math.abs(Number(least)), Math.abs(Number(most)));
}

function numeric(value: MeasureValue | undefined): number | bigint | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

/** What a difference is called where values are kept by key. */
export function differenceKey(column: ColumnPlan, ingredient: Ingredient): string {
  return `difference ${keyOf(column, ingredient)}`;
}

const MEASURED = ['stddev', 'mean', 'q1', 'median', 'q3'] as const;

/**
 * Differences, and all of them that was measured of the values and shows differences.
 * @param values as they were measured first
 */
export function differencesOf(
  plan: TablePlan,
  close: readonly CloseColumn[],
  values: Values,
  dialect: MeasureDialect
): Remeasured[] {
  return close.map(({ plan: planned, by, factor }) => {
    const { column } = planned;
    const wanted: Ingredient[] = MEASURED.filter((ingredient) =>
      by === 'least' ? values.has(keyOf(planned, ingredient)) : ingredient === 'q1' || ingredient === 'q3'
    );
    if (by === 'least' && planned.metrics.includes('histogram')) wanted.push('max');
    const least = `(SELECT ${dialect.expression(measureOf('min', planned, plan, dialect))} ${dialect.from(plan.rows, [column])})`;
    const dataType = INEXACT.has(column.dataType) ? 'DOUBLE' : 'DECIMAL';
    const difference: ColumnPlan = { ...planned, column: { name: column.name, dataType } };
    return {
      plan: planned,
      sql: dialect.difference(column, by === 'least' ? least : by),
      ...(factor === undefined ? {} : { factor }),
      asks: wanted.map((ingredient) => ({
        key: differenceKey(planned, ingredient),
        measure: measureOf(ingredient, difference, plan, dialect),
      })),
    };
  });
}
