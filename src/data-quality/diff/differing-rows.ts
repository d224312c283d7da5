import type { HashedRow, RowSum } from './diff-side.js';

/** The rows in which two tables, or parts of them, differ. */
export interface RowDiff {
  readonly removed: number;
  readonly added: number;
  readonly changed: number;
}

/** Rows fetched by one statement, roughly. */
export const ROWS_AT_ONCE = 15_000;
/** Buckets or stretches that one statement names. */
export const NAMED_AT_ONCE = 500;

export const NO_DIFF: RowDiff = { removed: 0, added: 0, changed: 0 };

export function plus(one: RowDiff, other: RowDiff): RowDiff {
  return {
    removed: one.removed + other.removed,
    added: one.added + other.added,
    changed: one.changed + other.changed,
  };
}

/** Compares the rows with the same keys in both tables. */
export function differingRows(rows1: readonly HashedRow[], rows2: readonly HashedRow[]): RowDiff {
  const known = new Map(rows1.map(({ key, hash }) => [key, hash]));
  let [added, changed] = [0, 0];
  for (const { key, hash } of rows2) {
    const before = known.get(key);
    if (before === undefined) added += 1;
    else if (before !== hash) changed += 1;
    known.delete(key);
  }
  return { removed: known.size, added, changed };
}

/** What differs between the sides, with the larger number of rows. */
export function differing<Id>(
  one: ReadonlyMap<Id, RowSum>,
  other: ReadonlyMap<Id, RowSum>
): { id: Id; rows: number }[] {
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((id) => {
    const [left, right] = [one.get(id), other.get(id)];
    if (left !== undefined && right !== undefined && left.rows === right.rows && left.sum === right.sum) return [];
    return [{ id, rows: Math.max(left?.rows ?? 0, right?.rows ?? 0) }];
  });
}

/** Groups that are fetched together. */
export function together<Each extends { readonly rows: number }>(all: readonly Each[]): Each[][] {
  const groups: Each[][] = [];
  let rows = Infinity;
  for (const each of all) {
    const last = groups.at(-1);
    if (last === undefined || last.length >= NAMED_AT_ONCE || rows + each.rows > ROWS_AT_ONCE) {
      groups.push([each]);
      rows = each.rows;
    } else {
      last.push(each);
      rows += each.rows;
    }
  }
  return groups;
}
