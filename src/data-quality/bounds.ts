import type { Parameters } from './parameters.js';
import type { ColumnUnderTest } from './column-under-test.js';

/** A number; decimal text where a double can't hold it. */
export type ExactNumber = number | string;

/** An inclusive range; an open end is -Infinity or Infinity. */
export interface Bounds<Value extends ExactNumber = number> {
  readonly min: Value;
  readonly max: Value;
}

export function boundsOf(parameters: Parameters, min: string, max: string): Bounds {
  return { min: parameters.number(min) ?? -Infinity, max: parameters.number(max) ?? Infinity };
}

const DOUBLES: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE']);

/** Bounds of a column's own values, with all digits that the column may have. */
export function exactBoundsOf(
  parameters: Parameters,
  min: string,
  max: string,
  { dataType }: Pick<ColumnUnderTest, 'dataType'>
): Bounds<ExactNumber> {
  if (DOUBLES.has(dataType)) return boundsOf(parameters, min, max);
  return { min: parameters.exact(min) ?? -Infinity, max: parameters.exact(max) ?? Infinity };
}

/** An open end takes everything; NaN is within no other one. */
export function isWithin(value: ExactNumber, { min, max }: Bounds<ExactNumber>): boolean {
  return (min === -Infinity || compare(value, min) >= 0) && (max === Infinity || compare(value, max) <= 0);
}

/** `isWithin` of a value and bounds as a column has them. @param stored of a number that is written, the column's */
export function isStoredWithin(
  value: ExactNumber,
  { min, max }: Bounds<ExactNumber>,
  stored: (written: ExactNumber) => ExactNumber
): boolean {
  return isWithin(stored(value), { min: stored(min), max: stored(max) });
}

/** The ends that are set, as a condition. */
export function setEnds<Value extends ExactNumber>({ min, max }: Bounds<Value>): { min?: Value; max?: Value } {
  return { ...(min === -Infinity ? {} : { min }), ...(max === Infinity ? {} : { max }) };
}

/** Below, at or above 0 as `one` is less, equal or more; NaN if one of them is. */
function compare(one: ExactNumber, other: ExactNumber): number {
  if (typeof one === 'number' && typeof other === 'number') return one === other ? 0 : one - other;
  const [left, right] = [partsOf(one), partsOf(other)];
  if (left === undefined || right === undefined) return Number(one) - Number(other);
  const places = Math.max(left.places, right.places);
  const difference = scaled(left, places) - scaled(right, places);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

interface Parts {
  readonly digits: bigint;
  /** Digits after the point; below zero for zeros before it. */
  readonly places: number;
}

/** Undefined for what is no finite number. */
function partsOf(number: ExactNumber): Parts | undefined {
  const [found, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(String(number)) ?? [];
  if (found === undefined || whole + fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, places: fraction.length - Number(exponent) };
}

function scaled({ digits, places }: Parts, to: number): bigint {
  return digits * 10n ** BigInt(to - places);
}
