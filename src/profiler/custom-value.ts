import type { Cell } from '../sources/index.js';

/** Engines have words of their own for these, where a driver gives numbers as texts. */
const NOT_FINITE = /^\s*[+-]?(inf(inity)?|nan)\s*$/i;
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/**
 * The number that a custom metric's SELECT gave, or why there is none: OpenMetadata keeps numbers alone. A text that is
 * a number counts as one, as drivers give decimals and large whole numbers as such. The value itself is not shown: it
 * may be a row's.
 * @param rows two at least, if there are so many
 * @param columns how many the SELECT has
 * @returns undefined for NULL, NaN and infinities, and for no row: there is nothing to tell, as of a sum of no rows
 */
export function customValue(
  rows: readonly (readonly Cell[])[],
  columns = rows[0]?.length ?? 1
): number | string | undefined {
  if (columns > 1) return `its SELECT gave ${columns} columns, and a custom metric is one number. Name one column.`;
  if (rows.length > 1)
    return `its SELECT gave ${rows.length} rows or more, and a custom metric is one number. Count, or take the largest, so that one row comes.`;
  const cell = rows[0]?.[0] ?? null;
  if (cell === null || (typeof cell === 'string' && NOT_FINITE.test(cell))) return undefined;
  if (typeof cell === 'string' && !NUMBER.test(cell))
    return 'its SELECT gave a text that is no number, a date or a time, and its value must be a number. Count, or turn it into one (a time into seconds since 1970).';
  if (cell instanceof Date || cell instanceof Uint8Array)
    return `its SELECT gave ${cell instanceof Date ? 'a date or a time' : 'bytes'}, and its value must be a number. Count, or turn it into one.`;
  const number = Number(cell);
  return Number.isFinite(number) ? number : undefined;
}
