import { PermanentError } from '../../errors/index.js';
import { exactNumber } from './exact-number.js';
import { isoText } from './utc-text.js';
import type { Cell } from '../condition.js';
import type { Measure, MeasureValue } from '../measure.js';

/**
 * Reads what a driver returned for a measure: counts and sums are numbers even if they come as text. A number that
 * isn't finite becomes null, as JSON has none; with `exact` it is text, as is what a double can't hold.
 */
export function readMeasure(measure: Measure, cell: Cell): MeasureValue {
  if (cell === null) return null;
  const isNumber = measure.of !== 'min' && measure.of !== 'max';
  const exact = 'exact' in measure && measure.exact === true;
  const isNotFinite = typeof cell === 'string' && NOT_FINITE.test(cell);
  return isNumber || (isNotFinite && isOfNumbers(measure)) ? readNumber(cell, exact) : readValue(cell, exact);
}

/** A smallest or largest value: strings that are numbers become numbers. */
export function readValue(cell: Cell, exact = false): MeasureValue {
  if (cell === null) return null;
  if (cell instanceof Date) return isoText(cell);
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('base64');
  if (typeof cell === 'string' && !NUMBER.test(cell)) return cell;
  return readNumber(cell, exact);
}

/** Each engine has its own words for them; in a text they are no such values. */
const NOT_FINITE = /^[+-]?(inf(inity)?|nan)$/i;
const NUMBER_TYPES: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE', 'DECIMAL', 'NUMERIC', 'NUMBER']);

function isOfNumbers(measure: Measure): boolean {
  return 'column' in measure && NUMBER_TYPES.has(measure.column.dataType);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @throws PermanentError for text that isn't a number */
export function readNumber(cell: Cell): number | bigint | null;
export function readNumber(cell: Cell, exact: boolean): number | bigint | string | null;
export function readNumber(cell: Cell, exact = false): number | bigint | string | null {
  if (cell === null) return null;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'bigint') return narrow(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : notFinite(cell, exact);
  const text = String(cell).trim();
  if (/^[+-]?\d+$/.test(text)) return narrow(BigInt(text));
  if (NOT_FINITE.test(text))
    return notFinite(/nan/i.test(text) ? NaN : text.startsWith('-') ? -Infinity : Infinity, exact);
  const number = Number(text);
  if (Number.isNaN(number))
    throw new PermanentError(`A measure came back as ${JSON.stringify(text)} where a number is due.`);
  if (exact) return exactNumber(text);
  return Number.isFinite(number) ? number : null;
}

function notFinite(number: number, exact: boolean): string | null {
  return exact ? String(number) : null;
}

function narrow(whole: bigint): number | bigint {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}
