/** Rows in one bucket or stretch: how many, and a sum of the hashes of their contents. */
export interface RowSum {
  readonly rows: number;
  readonly sum: bigint;
}

/** A row that may differ: its key as text, and the hash of its contents. */
export interface HashedRow {
  readonly key: string;
  readonly hash: string;
}

/** A stretch of a single numeric key: `from` is included, `below` isn't. */
export interface Stretch {
  readonly from: bigint;
  readonly below: bigint;
}

/** The integers between which all keys lie; absent if keys aren't single numbers. */
export interface Extent {
  readonly rows: number;
  /** No larger than the smallest key. */
  readonly min?: bigint;
  /** No smaller than the largest key. */
  readonly max?: bigint;
}

/** Hex digits of a key's hash that choose its bucket: their number modulo the number of buckets. */
export const BUCKET_DIGITS = 8;

/** One of the two tables. */
export interface DiffSide {
  extent(): Promise<Extent>;
  /** A key that occurs twice; undefined if none does. */
  repeatedKey(): Promise<string | undefined>;
  /**
   * Sums of the stretches of `width` keys that `within` is divided into, by their first key; those without rows are
   * left out.
   */
  stretches(within: Stretch, width: bigint): Promise<Map<bigint, RowSum>>;
  rowsWithin(stretches: readonly Stretch[]): Promise<HashedRow[]>;
  /** Sums of `count` buckets of all rows, by number; those without rows are left out. */
  buckets(count: number): Promise<Map<number, RowSum>>;
  /** The rows of some of the `count` buckets. */
  rowsOf(count: number, buckets: readonly number[]): Promise<HashedRow[]>;
}
