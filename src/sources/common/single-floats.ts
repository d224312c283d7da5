import type { Scalar } from '../condition.js';
import type { MeasureDialect } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';

/** Whether a column's numbers have 32 bits. */
export function isSingle(
  { dataType }: Pick<MeasuredColumn, 'dataType'>,
  { hasSingles }: Pick<MeasureDialect, 'hasSingles'>
): boolean {
  return hasSingles === true && dataType === 'FLOAT';
}

/**
 * The numbers that a column of 32 bits has for those that are written down: 3.1 is 3.0999999046325684 there, while
 * engines compare with the double 3.1. What is beyond such a column is none of its values, and PostgreSQL refuses it.
 */
export function asSingles(values: readonly Scalar[]): Scalar[] {
  return values.flatMap((value) => {
    const number = written(value);
    if (number === undefined) return value;
    return singleOf(number) ?? [];
  });
}

/** The number of 32 bits that is nearest; undefined beyond these. */
export function singleOf(number: number): number | undefined {
  const single = Math.fround(number);
  return Number.isFinite(single) ? single : undefined;
}

/**
 * The number as somebody would write it whose column has 32 bits: 0.1 for 0.10000000149011612. Any digits behind that
 * are those of the double in between.
 */
export function asWritten(single: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const written = Number(single.toPrecision(digits));
    if (Math.fround(written) === single) return written;
  }
  return single;
}

function written(value: Scalar): number | undefined {
  if (typeof value === 'object') return 'decimal' in value ? Number(value.decimal) : undefined;
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}
