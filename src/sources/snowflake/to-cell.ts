import { z } from 'zod';
import type { Cell } from '../condition.js';
import { dayText, isoText } from '../common/utc-text.js';
import type { DriverColumn } from './session/driver.js';

/** How many digits of a number a double holds. */
const EXACT_DIGITS = 15;

/** What a time of the driver has besides the milliseconds of a Date: it says so by methods of its own. */
const fraction = z.object({ getNanoSeconds: z.custom<() => number>((given) => typeof given === 'function') });

/** A value as it came, with all its digits: times are text, in UTC; those of a type with a zone end with Z. */
export function toCell(value: unknown, column: DriverColumn | undefined): Cell {
  switch (typeof value) {
    case 'string':
      return column?.isNumber() === true ? toNumber(value, column.getType() === 'real') : value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      if (value === null || value === undefined) return null;
      if (value instanceof Uint8Array) return value;
      return value instanceof Date ? dateText(value, column) : JSON.stringify(value);
  }
}

/**
 * Whole numbers and decimals that a double can't hold stay text, and so do NaN and infinities.
 * @param isDouble so that its text, of whatever length, means that double
 */
function toNumber(text: string, isDouble: boolean): Cell {
  // the driver's own word for NULL when it turns numbers into text
  if (text === 'NULL') return null;
  const isExact =
    isDouble || !/^-?[\d.]+$/.test(text) || text.replace(/^-?[0.]*/, '').replaceAll('.', '').length <= EXACT_DIGITS;
  const number = Number(text);
  return isExact && !Number.isNaN(number) ? number : text;
}

function dateText(value: Date, column: DriverColumn | undefined): string {
  if (column?.isDate() === true) return dayText(value.getTime());
  const text = `${isoText(value).replace(/\.\d+$/, '')}${fractionText(value)}`;
  return column === undefined || column.isTimestampNtz() ? text : `${text}Z`;
}

/** Digits of the second, without zeros at their end. */
function fractionText(value: unknown): string {
  const digits = String(fraction.parse(value).getNanoSeconds()).padStart(9, '0').replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
}
