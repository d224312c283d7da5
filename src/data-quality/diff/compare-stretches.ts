import { ENOUGH_SUMS } from './compare-buckets.js';
import type { DiffSide, Stretch } from './diff-side.js';
import { differing, differingRows, NO_DIFF, plus, ROWS_AT_ONCE, together, type RowDiff } from './differing-rows.js';

/** Rows in a stretch, roughly: with fewer there would be as many sums as rows. */
const LEAST_ROWS = 2;
/**
 * A stretch with more rows than this isn't fetched but divided again, as long as few stretches are that large, so that
 * this costs less than reading them.
 */
const MANY_ROWS = 500;
const FEW_STRETCHES = 50;

/**
 * For rows whose keys are in one stretch of numbers: both sides sum them by smaller stretches, then return the rows of
 * those that differ, which an index on the key finds at once. A stretch with many rows, where keys are dense, is
 * divided again.
 * @param rows how many rows the stretch has, roughly
 */
export async function compareStretches(
  side1: DiffSide,
  side2: DiffSide,
  within: Stretch,
  rows: number
): Promise<RowDiff> {
  const count = BigInt(Math.max(1, Math.min(ENOUGH_SUMS, Math.ceil(rows / LEAST_ROWS))));
  const width = (within.below - within.from + count - 1n) / count;
  const [one, other] = await Promise.all([side1.stretches(within, width), side2.stretches(within, width)]);
  let diff = NO_DIFF;
  const found = differing(one, other);
  const large = width > 1n ? found.filter((each) => each.rows > MANY_ROWS) : [];
  const cut =
    large.length <= FEW_STRETCHES ? new Set(large) : new Set(large.filter((each) => each.rows > ROWS_AT_ONCE));
  const few: { stretch: Stretch; rows: number }[] = [];
  for (const each of found) {
    const stretch = { from: each.id, below: each.id + width };
    if (cut.has(each)) diff = plus(diff, await compareStretches(side1, side2, stretch, each.rows));
    else few.push({ stretch, rows: each.rows });
  }
  for (const group of together(few)) {
    const stretches = group.map(({ stretch }) => stretch);
    const [rows1, rows2] = await Promise.all([side1.rowsWithin(stretches), side2.rowsWithin(stretches)]);
    diff = plus(diff, differingRows(rows1, rows2));
  }
  return diff;
}
