import type { Cell } from '../sources/index.js';

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/**
 * The number that a custom metric's SELECT gave, or why there is none: OpenMetadata keeps numbers alone. The value
 * itself is not shown: it may be a row's.
 */
export function customValue(rows: readonly (readonly Cell[])[]): number | string {
  const [row] = rows;
  if (row === undefined) return 'its SELECT gave no row. Give a SELECT of one number.';
  const cell = row[0] ?? null;
  if (cell === null) return 'its SELECT gave NULL. Use COALESCE for the number that is then meant.';
  if (typeof cell === 'string' && !NUMBER.test(cell))
    return 'its SELECT gave a text, a date or a time, and its value must be a number. Count, or turn it into one (a time into seconds since 1970).';
  if (cell instanceof Date || cell instanceof Uint8Array)
    return `its SELECT gave ${cell instanceof Date ? 'a date or a time' : 'bytes'}, and its value must be a number. Count, or turn it into one.`;
  const number = Number(cell);
  return Number.isFinite(number) ? number : 'its SELECT gave NaN or an infinity, which OpenMetadata does not keep.';
}
