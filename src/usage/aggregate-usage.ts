import { z } from 'zod';
import type { ManifestEntry, SliceAddress, SliceWriter, StagingStore } from '../staging/index.js';
import { SliceWriter as Writer } from '../staging/index.js';
import { mergeRuns } from './merge-runs.js';
import { parsedText } from './staged-line.js';
import { partsOf, uniteParts, type UsagePart } from './usage-part.js';

/** Parts held before they are spilled, estimated bytes: what aggregating needs of memory. */
const HELD_BYTES = 24 * 1024 * 1024;
const PART_BYTES = 500;
const MEMBER_BYTES = 80;

/** Behind the line of that key; `chunks` of the input are in the runs up to this one; `end`: they are all there are. */
const runPosition = z.object({ key: z.string(), chunks: z.number().int(), end: z.boolean() });
type RunPosition = z.infer<typeof runPosition>;

/** Behind the merged line of that key. */
export const mergedPosition = z.object({ key: z.string() });
export type MergedPosition = z.infer<typeof mergedPosition>;

export interface AggregateInput<Facts> {
  readonly store: StagingStore;
  /** Parsed texts of all slices of the run, in a defined order. */
  readonly chunks: readonly ManifestEntry[];
  /** Where sorted run number `n` is spilled. */
  readonly run: (n: number) => SliceAddress;
  readonly writer: SliceWriter<MergedPosition, Facts>;
  readonly noFacts: () => Facts;
  /** Sends costs as well (processQueryCostAnalysis). */
  readonly withCosts: boolean;
  readonly onProgress: () => void;
  /** Called for each merged part, behind its line. */
  readonly onPart: (part: UsagePart) => void;
  /** Default 24 MiB. */
  readonly heldBytes?: number;
}

/**
 * Adds up what all parsed texts of a run say, one line a query, a table, a table's day and a cost, in the order they are published in. Parts
 * are gathered in memory up to a bound, spilled as sorted runs and merged, so that memory does not grow with the log.
 */
export async function aggregateUsage<Facts>(input: AggregateInput<Facts>): Promise<void> {
  const { store, writer, onPart } = input;
  if (writer.complete) return;
  const runs = await spillRuns(input);
  const behind = writer.resumeFrom === undefined ? undefined : mergedPosition.parse(writer.resumeFrom).key;
  for await (const [key, part] of mergeRuns(store, runs, behind)) {
    await writer.add([key, part], { key });
    onPart(part);
  }
  await writer.finish();
}

/** The sorted runs of the whole input; those that are staged already are not made again. */
async function spillRuns<Facts>(input: AggregateInput<Facts>): Promise<readonly SliceAddress[]> {
  const { store, chunks, run, noFacts, onProgress } = input;
  const runs: SliceAddress[] = [];
  for (let from = 0; ;) {
    const address = run(runs.length);
    runs.push(address);
    const writer = await Writer.open<RunPosition, Facts>(store, address, noFacts, onProgress);
    const staged = writer.resumeFrom === undefined ? undefined : runPosition.parse(writer.resumeFrom);
    let position = staged;
    if (!writer.complete) {
      const gathered = await gather(input, from);
      position = { key: '', chunks: gathered.chunks, end: gathered.chunks >= chunks.length };
      for (const [key, part] of gathered.parts) {
        if (staged !== undefined && key <= staged.key) continue;
        await writer.add([key, part], { ...position, key });
      }
      await writer.finish();
    }
    if (position === undefined || position.end) return runs;
    from = position.chunks;
  }
}

/** Parts of the chunks from number `from` on, until they fill the memory that they may take; sorted by key. */
async function gather<Facts>(
  { store, chunks, withCosts, onProgress, heldBytes = HELD_BYTES }: AggregateInput<Facts>,
  from: number
): Promise<{ readonly parts: [string, UsagePart][]; readonly chunks: number }> {
  const parts = new Map<string, UsagePart>();
  let bytes = 0;
  let read = from;
  for (const chunk of chunks.slice(from)) {
    for (const line of await store.read(chunk)) {
      for (const [key, part] of partsOf(parsedText.parse(line), withCosts)) {
        const known = parts.get(key);
        parts.set(key, known === undefined ? part : uniteParts(known, part));
        if (known === undefined) bytes += PART_BYTES + key.length;
        bytes += MEMBER_BYTES * membersOf(part) + (known === undefined ? textBytes(part) : 0);
      }
    }
    read += 1;
    onProgress();
    if (bytes >= heldBytes) break;
  }
  return { parts: [...parts].sort(([left], [right]) => (left < right ? -1 : 1)), chunks: read };
}

/** What may make a part grow; most of it is there already, so that this is too much rather than too little. */
function membersOf(part: UsagePart): number {
  switch (part.kind) {
    case 'query':
      return part.tables.length + part.users.length;
    case 'day':
      return part.joins.length;
    case 'table':
    case 'cost':
      return 0;
  }
}

function textBytes(part: UsagePart): number {
  return part.kind === 'query' ? 2 * part.text.length : 0;
}
