import type { Scalar } from '../condition.js';
import type { MeasuredColumn } from '../measured-column.js';
import { postgresFolded } from './postgres-caseless.js';
import { quoteIdentifier } from './quoted-name.js';

/** Types whose values are numbers only by a cast. */
const AS_NUMBER = /^(MONEY|BIGINT|BOOLEAN)$/;

/** Money is compared with no number, oid with no fraction, an enumeration with none but its own words. */
export function postgresCompared(
  column: MeasuredColumn,
  values: readonly Scalar[],
  operand: (column: MeasuredColumn) => string
): string {
  const name = quoteIdentifier(column.name);
  if (column.dataType === 'ENUM') return `${name}::text`;
  return AS_NUMBER.test(column.dataType) && values.every(isNumber) ? operand(column) : postgresFolded(name, column);
}

function isNumber(value: Scalar): boolean {
  return typeof value === 'object' ? 'decimal' in value : typeof value === 'number' || typeof value === 'bigint';
}
