/** Rows of one bucket or stretch: how many, and a sum of the hashes of their contents. */
export interface RowSum {
  readonly rows: number;
  readonly sum: bigint;
}

/** A row that may differ: its key as text, and the hash of its contents. */
export interface HashedRow {
  readonly key: string;
  readonly hash: string;
}

/** A stretch of a key that is one number: `from` included, `below` not. */
export interface Stretch {
  readonly from: bigint;
  readonly below: bigint;
}

/** The whole numbers between which all keys are; absent where a key is not one number. */
export interface Extent {
  readonly rows: number;
  /** At most the smallest key. */
  readonly min?: bigint;
  /** At least the largest key. */
  readonly max?: bigint;
}

/** Hex digits of the hash of a key that choose its bucket: the remainder of their number by the number of buckets. */
export const BUCKET_DIGITS = 8;

/** One of the two tables. */
export interface DiffSide {
  extent(): Promise<Extent>;
  /** A key that occurs twice; undefined where none does. */
  repeatedKey(): Promise<string | undefined>;
  /**
   * Sums of the stretches of `width` keys that `within` is cut into, by where they begin; those without rows are left
   * out.
   */
  stretches(within: Stretch, width: bigint): Promise<Map<bigint, RowSum>>;
  rowsWithin(stretches: readonly Stretch[]): Promise<HashedRow[]>;
  /** Sums of `count` buckets of all rows, by number; those without rows are left out. */
  buckets(count: number): Promise<Map<number, RowSum>>;
  /** The rows of some of `count` buckets. */
  rowsOf(count: number, buckets: readonly number[]): Promise<HashedRow[]>;
}
