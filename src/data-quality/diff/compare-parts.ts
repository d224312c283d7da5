import { z } from 'zod';
import { listStage, type SliceAddress, type StageRun } from '../../staging/index.js';
import { compareBuckets } from './compare-buckets.js';
import { compareStretches } from './compare-stretches.js';
import type { DiffSide, Extent, Stretch } from './diff-side.js';
import { NO_DIFF, plus, type RowDiff } from './differing-rows.js';

/** How the first attempt divided the keys; rows that arrive in the meantime must not change this. Staged first. */
const planLine = z.object({
  /** Rows of the first table. */
  rows: z.number(),
  /** Rows of the larger table. */
  most: z.number(),
  /** The first key, and how many keys each part has, if keys are numbers; decimal digits. */
  from: z.exactOptional(z.string()),
  width: z.exactOptional(z.string()),
  parts: z.number(),
});
type PartsPlan = z.infer<typeof planLine>;

const partLine = z.object({ part: z.number(), removed: z.number(), added: z.number(), changed: z.number() });
const stagedLine = z.union([partLine, planLine]);

/** Rows in a part: what a crash repeats. */
const PART_ROWS = 1_000_000;

export interface ComparePartsInput extends StageRun {
  readonly side1: DiffSide;
  readonly side2: DiffSide;
  readonly to: SliceAddress;
  /** Stops when more rows than this differ; undefined: all are counted. */
  readonly stopAbove?: number;
  /** Rows in a part, roughly; default: a million. */
  readonly partRows?: number;
}

export interface ComparedParts extends RowDiff {
  /** Rows of the first table. */
  readonly rows: number;
  /** False: it stopped above the threshold, so the numbers are incomplete. */
  readonly whole: boolean;
}

/**
 * Compares two tables part by part: sums of hashes on both sides, then the rows of what differs. Each part is staged
 * when it is done, so that a retry begins with the next one and counts nothing twice.
 */
export async function compareParts(input: ComparePartsInput): Promise<ComparedParts> {
  const { side1, side2, to, stopAbove, partRows = PART_ROWS } = input;
  await listStage(input, {
    to,
    work: async (listing) => {
      const staged = await readStaged(listing.stagedLines());
      const plan = staged.plan ?? planOf(await Promise.all([side1.extent(), side2.extent()]), partRows);
      if (staged.plan === undefined) {
        await listing.add(JSON.stringify(plan), { cursor: 'plan' });
        await listing.cut();
      }
      let { diff } = staged;
      for (let part = staged.compared; part < plan.parts; part += 1) {
        if (stopAbove !== undefined && diff.removed + diff.added + diff.changed > stopAbove) break;
        const own = await comparePart(side1, side2, plan, part);
        await listing.add(JSON.stringify({ part, ...own }), { cursor: part });
        await listing.cut();
        diff = plus(diff, own);
      }
    },
  });
  const all = await readStaged(linesOf(input));
  return { ...all.diff, rows: all.plan?.rows ?? 0, whole: all.compared === all.plan?.parts };
}

interface Staged {
  readonly plan?: PartsPlan;
  /** How many parts are done, counted from the first. */
  readonly compared: number;
  readonly diff: RowDiff;
}

async function readStaged(lines: AsyncIterable<Buffer>): Promise<Staged> {
  let staged: Staged = { compared: 0, diff: NO_DIFF };
  for await (const bytes of lines) {
    const line = stagedLine.parse(JSON.parse(bytes.toString()));
    staged =
      'part' in line
        ? { ...staged, compared: line.part + 1, diff: plus(staged.diff, line) }
        : { ...staged, plan: line };
  }
  return staged;
}

/** What all attempts have staged. */
async function* linesOf({ store, to }: ComparePartsInput): AsyncGenerator<Buffer> {
  for (const entry of await store.manifest(to)) if (entry.chunk !== undefined) yield* await store.lines(entry);
}

/**
 * Stretches with about equal numbers of rows if the keys of both tables are numbers; otherwise one part with all rows.
 */
function planOf([one, other]: readonly [Extent, Extent], partRows: number): PartsPlan {
  const most = Math.max(one.rows, other.rows);
  const sizes = { rows: one.rows, most };
  const ends = [one, other].filter(({ rows }) => rows > 0);
  const mins = ends.flatMap(({ min }) => min ?? []);
  const maxs = ends.flatMap(({ max }) => max ?? []);
  if (ends.length === 0) return { ...sizes, parts: 0 };
  if (mins.length < ends.length || maxs.length < ends.length) return { ...sizes, parts: 1 };
  const min = mins.reduce((least, each) => (each < least ? each : least));
  const max = maxs.reduce((last, each) => (each > last ? each : last));
  const wanted = BigInt(Math.max(1, Math.ceil(most / partRows)));
  const width = (max - min) / wanted + 1n;
  return { ...sizes, from: String(min), width: String(width), parts: Number((max - min) / width) + 1 };
}

function comparePart(side1: DiffSide, side2: DiffSide, plan: PartsPlan, part: number): Promise<RowDiff> {
  const { from, width, most, parts } = plan;
  if (from === undefined || width === undefined) return compareBuckets(side1, side2, most);
  const begin = BigInt(from) + BigInt(width) * BigInt(part);
  const within: Stretch = { from: begin, below: begin + BigInt(width) };
  return compareStretches(side1, side2, within, most / parts);
}
