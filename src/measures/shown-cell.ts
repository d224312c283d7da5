import { beginning } from '../errors/index.js';
import { ExactDecimal } from '../openmetadata/index.js';
import {
  asWritten,
  comparedAs,
  exactNumber,
  isSingle,
  type Cell,
  type MeasureDialect,
  type MeasuredColumn,
} from '../sources/index.js';
import { shownText } from './shown-text.js';

/** Most characters of a cell, as OpenMetadata keeps them. */
const MOST_CHARACTERS = 5_000;

/** Digits without a fraction, as drivers write what a double can't hold. */
const WHOLE = /^-?\d+$/;

/** A cell as rows are kept: `exactJson` writes it with all its digits. */
export type ShownCell = string | number | bigint | boolean | ExactDecimal | null;

/** @param column unknown of what a user's SELECT calls otherwise */
export function shownCell(cell: Cell, column: MeasuredColumn | undefined, dialect: MeasureDialect): ShownCell {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) return String(cell);
    return column !== undefined && isSingle(column, dialect) ? asWritten(cell) : cell;
  }
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof Uint8Array) return `[base64]${Buffer.from(cell).toString('base64')}`.slice(0, MOST_CHARACTERS);
  if (column === undefined) return beginning(cell, MOST_CHARACTERS);
  const number = NUMBERS.has(comparedAs(column)) ? numberOf(cell) : undefined;
  return number ?? beginning(shownText(cell, column, dialect), MOST_CHARACTERS);
}

const NUMBERS: ReadonlySet<string> = new Set<ReturnType<typeof comparedAs>>(['whole', 'decimal', 'float']);

/** Of a text that a driver gives for a number, so that no digit is lost; undefined for NaN, infinities and money. */
function numberOf(text: string): number | bigint | ExactDecimal | undefined {
  if (!/^[+-]?\d*\.?\d+$/.test(text)) return undefined;
  const number = exactNumber(text);
  if (typeof number === 'number') return number;
  return WHOLE.test(number) ? BigInt(number) : new ExactDecimal(number);
}
