/** Rows whose keys fall into one bucket: how many, and a sum of the hashes of their contents. */
export interface BucketSum {
  readonly rows: number;
  readonly sum: bigint;
}

/** A row that may differ: its key as text, and the hash of its contents. */
export interface HashedRow {
  readonly key: string;
  readonly hash: string;
}

/** A stretch of a whole-number key, both ends included; undefined: all rows. */
export type KeyRange = { readonly from: bigint; readonly to: bigint } | undefined;

/** One of the two tables. */
export interface DiffSide {
  /** Rows, and the smallest and largest key where it is one whole number. */
  extent(): Promise<{ readonly rows: number; readonly min?: bigint; readonly max?: bigint }>;
  /** A key that occurs twice; undefined where none does. */
  repeatedKey(): Promise<string | undefined>;
  /** By the first hex digits of the hash of the key. */
  buckets(range: KeyRange, digits: number): Promise<Map<number, BucketSum>>;
  /** The rows of these buckets. */
  rowsOf(range: KeyRange, digits: number, buckets: readonly number[]): Promise<HashedRow[]>;
}
