import { listStage, type SliceAddress, type StageRun } from '../../staging/index.js';
import { z } from 'zod';
import type { BucketSum, DiffSide, Extent, KeyRange } from './diff-side.js';

/** Rows that one part of the keys differs by. */
export interface PartDiff {
  readonly removed: number;
  readonly added: number;
  readonly changed: number;
}

const partLine = z.object({ part: z.number(), removed: z.number(), added: z.number(), changed: z.number() });

/** Rows of a part: what a crash repeats. */
const PART_ROWS = 1_000_000;
/** Sums of a part and side: few, though enough that the rows of a bucket that differs are not one in a thousand of all. */
const ENOUGH_BUCKETS = 32_768;
/** Rows of a bucket, about: not fewer, else there were as many sums as rows; and in parts that can't be cut smaller not more. */
const BUCKET_ROWS = { least: 2, most: 64 };
const MOST_BUCKETS = 1_048_576;
/** Buckets whose rows are fetched by one statement. */
const AT_ONCE = 500;

export interface ComparePartsInput extends StageRun {
  readonly side1: DiffSide;
  readonly side2: DiffSide;
  readonly to: SliceAddress;
  /** Stops once more rows differ; undefined: all are counted. */
  readonly stopAbove?: number;
  /** Rows of a part, about; a million. */
  readonly partRows?: number;
}

export interface ComparedParts extends PartDiff {
  /** Rows of the first table. */
  readonly rows: number;
  /** False: it stopped above the threshold, the numbers are not whole. */
  readonly whole: boolean;
}

/**
 * Compares two tables part by part: sums of hashes for buckets of keys on both sides, then the rows of buckets whose sums differ. Each part is staged when it is
 * compared, so that a retry begins with the next one and counts none twice.
 */
export async function compareParts(input: ComparePartsInput): Promise<ComparedParts> {
  const { side1, side2, to, stopAbove, partRows = PART_ROWS } = input;
  const [one, other] = await Promise.all([side1.extent(), side2.extent()]);
  const ranges = rangesOf(one, other, partRows);
  await listStage(input, {
    to,
    work: async (listing) => {
      const total = { removed: 0, added: 0, changed: 0 };
      let next = 0;
      for await (const line of listing.stagedLines()) {
        const part = partLine.parse(JSON.parse(line.toString()));
        addTo(total, part);
        next = part.part + 1;
      }
      const buckets = bucketsFor(Math.max(one.rows, other.rows) / Math.max(1, ranges.length));
      for (let part = next; part < ranges.length; part += 1) {
        if (stopAbove !== undefined && total.removed + total.added + total.changed > stopAbove) break;
        const diff = await comparePart(side1, side2, ranges[part], buckets);
        await listing.add(JSON.stringify({ part, ...diff }), { cursor: part });
        await listing.cut();
        addTo(total, diff);
      }
    },
  });
  return { ...(await staged(input, ranges.length)), rows: one.rows };
}

/** What all attempts have compared. */
async function staged(
  { store, to }: ComparePartsInput,
  parts: number
): Promise<PartDiff & { readonly whole: boolean }> {
  const total = { removed: 0, added: 0, changed: 0 };
  let compared = 0;
  for (const entry of await store.manifest(to)) {
    if (entry.chunk === undefined) continue;
    for (const value of await store.read(entry)) {
      addTo(total, partLine.parse(value));
      compared += 1;
    }
  }
  return { ...total, whole: compared === parts };
}

function addTo(
  total: { removed: number; added: number; changed: number },
  { removed, added, changed }: PartDiff
): void {
  total.removed += removed;
  total.added += added;
  total.changed += changed;
}

/** Stretches of about as many rows, where the keys of both tables are numbers; else one part of all rows. */
function rangesOf(one: Extent, other: Extent, partRows: number): readonly KeyRange[] {
  const mins = [one.min, other.min].filter((each) => each !== undefined);
  const maxs = [one.max, other.max].filter((each) => each !== undefined);
  const [min, max] = [smallest(mins), largest(maxs)];
  const known = (one.min !== undefined || one.rows === 0) && (other.min !== undefined || other.rows === 0);
  if (!known || min === undefined || max === undefined) return [undefined];
  const parts = BigInt(Math.max(1, Math.ceil(Math.max(one.rows, other.rows) / partRows)));
  const width = (max - min) / parts + 1n;
  const ranges: KeyRange[] = [];
  for (let from = min; from <= max; from += width) ranges.push({ from, below: from + width });
  return ranges;
}

function smallest(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (least, each) => (least === undefined || each < least ? each : least),
    undefined
  );
}

function largest(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (most, each) => (most === undefined || each > most ? each : most),
    undefined
  );
}

function bucketsFor(rows: number): number {
  const wanted = Math.max(Math.min(rows / BUCKET_ROWS.least, ENOUGH_BUCKETS), rows / BUCKET_ROWS.most);
  return Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(wanted)));
}

async function comparePart(side1: DiffSide, side2: DiffSide, range: KeyRange, count: number): Promise<PartDiff> {
  const [one, other] = await Promise.all([side1.buckets(range, count), side2.buckets(range, count)]);
  const differing = [...new Set([...one.keys(), ...other.keys()])].filter(
    (bucket) => !same(one.get(bucket), other.get(bucket))
  );
  const diff = { removed: 0, added: 0, changed: 0 };
  for (let first = 0; first < differing.length; first += AT_ONCE) {
    const buckets = differing.slice(first, first + AT_ONCE);
    const [rows1, rows2] = await Promise.all([
      side1.rowsOf(range, count, buckets),
      side2.rowsOf(range, count, buckets),
    ]);
    const known = new Map(rows1.map(({ key, hash }) => [key, hash]));
    for (const { key, hash } of rows2) {
      const before = known.get(key);
      if (before === undefined) diff.added += 1;
      else if (before !== hash) diff.changed += 1;
      known.delete(key);
    }
    diff.removed += known.size;
  }
  return diff;
}

function same(one: BucketSum | undefined, other: BucketSum | undefined): boolean {
  return one !== undefined && other !== undefined && one.rows === other.rows && one.sum === other.sum;
}
