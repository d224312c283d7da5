import type { DiffSide } from './diff-side.js';
import { differing, differingRows, NO_DIFF, plus, together, type RowDiff } from './differing-rows.js';

/**
 * How many sums each side returns: few, but enough that the rows of a differing bucket are no more than about a
 * thousandth of all.
 */
export const ENOUGH_SUMS = 32_768;
/**
 * Rows in a bucket, roughly: with fewer there would be as many sums as rows; in the largest tables a bucket may have
 * more.
 */
const BUCKET_ROWS = { least: 2, most: 64 };
const MOST_BUCKETS = 1_048_576;

/**
 * For tables whose keys are strings or several columns: both sides sum all rows by buckets of their keys' hash, then
 * return the rows of the buckets that differ.
 */
export async function compareBuckets(side1: DiffSide, side2: DiffSide, rows: number): Promise<RowDiff> {
  const count = bucketsFor(rows);
  const [one, other] = await Promise.all([side1.buckets(count), side2.buckets(count)]);
  let diff = NO_DIFF;
  for (const group of together(differing(one, other))) {
    const ids = group.map(({ id }) => id);
    const [rows1, rows2] = await Promise.all([side1.rowsOf(count, ids), side2.rowsOf(count, ids)]);
    diff = plus(diff, differingRows(rows1, rows2));
  }
  return diff;
}

function bucketsFor(rows: number): number {
  const wanted = Math.max(Math.min(rows / BUCKET_ROWS.least, ENOUGH_SUMS), rows / BUCKET_ROWS.most);
  return Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(wanted)));
}
