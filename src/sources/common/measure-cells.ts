import { PermanentError } from '../../errors/index.js';
import { isoText } from './utc-text.js';
import type { Cell, Measure, MeasureValue } from '../measures.js';

/**
 * Reads what a driver returned for a measure: counts and sums are numbers even if they come as text. A number that
 * isn't finite becomes null, as JSON has none.
 */
export function readMeasure(measure: Measure, cell: Cell): MeasureValue {
  if (cell === null) return null;
  const isNumber = measure.of !== 'min' && measure.of !== 'max';
  return isNumber ? readNumber(cell) : readValue(cell);
}

/** A smallest or largest value: strings that are numbers become numbers. */
export function readValue(cell: Cell): MeasureValue {
  if (cell === null) return null;
  if (cell instanceof Date) return isoText(cell);
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('base64');
  if (typeof cell === 'string' && !NUMBER.test(cell)) return cell;
  return readNumber(cell);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @throws PermanentError for text that isn't a number */
export function readNumber(cell: Cell): number | bigint | null {
  if (cell === null) return null;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'bigint') return narrow(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  const text = String(cell).trim();
  if (/^[+-]?\d+$/.test(text)) return narrow(BigInt(text));
  if (/^[+-]?(inf(inity)?|nan)$/i.test(text)) return null;
  const number = Number(text);
  if (Number.isNaN(number))
    throw new PermanentError(`A measure came back as ${JSON.stringify(text)} where a number is due.`);
  return Number.isFinite(number) ? number : null;
}

function narrow(whole: bigint): number | bigint {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}
